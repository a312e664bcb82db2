import { compareKeys } from "../key-order.ts";
import type { Call, Operation, Shape } from "../service.ts";
import { authorizeS3 } from "./errors.ts";
import { onlyKnown, optionalNumber, optionalText, quoted, text } from "./shapes.ts";
import type { FileObjectStore } from "./store.ts";

const maximumKeys = 1000;

/** Operations that list. */
export function listingOperations(store: FileObjectStore): Readonly<Record<string, Operation>> {
  return {
    ListBuckets(input, call) {
      onlyKnown("ListBuckets", input, []);
      authorizeS3(call, "s3:ListAllMyBuckets", "*");
      return { Buckets: store.buckets().map(({ name }) => ({ Name: name, CreationDate: new Date(0) })) };
    },

    ListObjectsV2(input, call) {
      onlyKnown("ListObjectsV2", input, [
        "Bucket",
        "Prefix",
        "Delimiter",
        "MaxKeys",
        "ContinuationToken",
        "StartAfter",
        "EncodingType",
        "FetchOwner",
        "ExpectedBucketOwner",
      ]);
      const token = optionalText(input, "ContinuationToken");
      const after =
        token === undefined ? optionalText(input, "StartAfter") : Buffer.from(token, "base64url").toString();
      const { next, ...page } = listPage(store, input, after, call);
      return {
        ...page,
        ...(input["StartAfter"] !== undefined && { StartAfter: input["StartAfter"] }),
        ...(token !== undefined && { ContinuationToken: token }),
        KeyCount: page.Contents.length + page.CommonPrefixes.length,
        ...(next !== undefined && { NextContinuationToken: Buffer.from(next).toString("base64url") }),
      };
    },

    /** The first version, which boto3's resources still ask with. */
    ListObjects(input, call) {
      onlyKnown("ListObjects", input, [
        "Bucket",
        "Prefix",
        "Delimiter",
        "MaxKeys",
        "Marker",
        "EncodingType",
        "ExpectedBucketOwner",
      ]);
      const marker = optionalText(input, "Marker");
      const { next, ...page } = listPage(store, input, marker, call);
      // Without a delimiter the last key tells where to go on.
      const marked = next !== undefined && page.Delimiter !== undefined;
      return { ...page, Marker: marker ?? "", ...(marked && { NextMarker: next }) };
    },

    ListObjectVersions(input, call) {
      onlyKnown("ListObjectVersions", input, ["Bucket", "Prefix", "EncodingType"]);
      const bucket = store.bucket(text(input, "Bucket"));
      const prefix = optionalText(input, "Prefix") ?? "";
      authorizeS3(call, "s3:ListBucketVersions", bucket.arn, { "s3:prefix": prefix });
      const versions: Shape[] = [];
      const markers: Shape[] = [];
      for (const version of store.versions(bucket.name, prefix)) {
        const common = {
          Key: version.key,
          VersionId: version.versionId ?? "null",
          IsLatest: version.latest,
          LastModified: new Date(version.lastModified),
        };
        if ("deleteMarker" in version) markers.push(common);
        else versions.push({ ...common, ETag: quoted(version.etag), Size: version.size, StorageClass: "STANDARD" });
      }
      return {
        Name: bucket.name,
        Prefix: prefix,
        IsTruncated: false,
        MaxKeys: maximumKeys,
        Versions: versions,
        DeleteMarkers: markers,
      };
    },
  };
}

/** What both versions of listing answer. */
interface Page {
  readonly Name: string;
  readonly Prefix: string;
  readonly Delimiter?: string;
  readonly EncodingType?: unknown;
  readonly MaxKeys: number;
  readonly IsTruncated: boolean;
  readonly Contents: readonly Shape[];
  readonly CommonPrefixes: readonly Shape[];
  /** Last item of a page that others follow. */
  readonly next?: string;
}

/**
 * One page: keys and common prefixes count alike towards the page, each prefix once.
 * @param after item that the page comes after.
 */
function listPage(store: FileObjectStore, input: Shape, after: string | undefined, call: Call): Page {
  const { name: bucket, arn } = store.bucket(text(input, "Bucket"));
  const prefix = optionalText(input, "Prefix") ?? "";
  const delimiter = optionalText(input, "Delimiter") ?? "";
  authorizeS3(call, "s3:ListBucket", arn, {
    "s3:prefix": prefix,
    ...(input["Delimiter"] !== undefined && { "s3:delimiter": delimiter }),
  });
  const limit = Math.min(optionalNumber(input, "MaxKeys") ?? maximumKeys, maximumKeys);
  const contents: Shape[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  let truncated = false;
  for (const entry of store.index(bucket).entries(prefix, after ?? prefix)) {
    const cut = delimiter === "" ? -1 : entry.key.indexOf(delimiter, prefix.length);
    const item = cut < 0 ? entry.key : entry.key.slice(0, cut + delimiter.length);
    if (after !== undefined && compareKeys(item, after) <= 0) continue;
    if (item === prefixes.at(-1)) continue;
    if (contents.length + prefixes.length >= limit) {
      truncated = true;
      break;
    }
    last = item;
    if (cut >= 0) prefixes.push(item);
    else {
      contents.push({
        Key: entry.key,
        LastModified: new Date(entry.lastModified),
        ETag: quoted(entry.etag),
        Size: entry.size,
        StorageClass: "STANDARD",
      });
    }
  }
  return {
    Name: bucket,
    Prefix: prefix,
    ...(delimiter !== "" && { Delimiter: delimiter }),
    ...(input["EncodingType"] !== undefined && { EncodingType: input["EncodingType"] }),
    MaxKeys: limit,
    IsTruncated: truncated,
    Contents: contents,
    CommonPrefixes: prefixes.map((common) => ({ Prefix: common })),
    ...(truncated && last !== undefined && { next: last }),
  };
}
