import { copyFileSync, rmSync } from "node:fs";
import { AwsError, type Call, NotImplementedLocally, type Operation, type Shape } from "../service.ts";
import { checksumMembers, verifyChecksums } from "./checksums.ts";
import { authorizeS3, diskError, preconditionFailed } from "./errors.ts";
import { body, onlyKnown, optionalText, parseRange, quoted, text, textMap, unquoted } from "./shapes.ts";
import { type FileObjectStore, type PutOptions, readAt, type Target } from "./store.ts";

const addressing = ["Bucket", "Key", "ExpectedBucketOwner"];
const encryptionMembers = ["ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled"];

/** Operations on single objects and on a bucket's own settings. */
export function objectOperations(store: FileObjectStore, account: string): Readonly<Record<string, Operation>> {
  const target = (input: Shape): Target => {
    const owner = optionalText(input, "ExpectedBucketOwner");
    if (owner !== undefined && owner !== account) throw new AwsError("AccessDenied", "Access Denied", 403);
    return { bucket: text(input, "Bucket"), key: text(input, "Key") };
  };
  const bucketOf = (operation: string, action: string) => (input: Shape, call: Call) => {
    onlyKnown(operation, input, ["Bucket", "ExpectedBucketOwner"]);
    const bucket = store.bucket(text(input, "Bucket"));
    authorizeS3(call, action, bucket.arn);
    return bucket;
  };
  const headBucket = bucketOf("HeadBucket", "s3:ListBucket");
  const location = bucketOf("GetBucketLocation", "s3:GetBucketLocation");
  const versioning = bucketOf("GetBucketVersioning", "s3:GetBucketVersioning");

  return {
    async PutObject(input, call) {
      onlyKnown("PutObject", input, [
        ...addressing,
        "Body",
        "ContentType",
        "ContentLength",
        "Metadata",
        "IfNoneMatch",
        "IfMatch",
        "ChecksumAlgorithm",
        ...checksumMembers,
        ...encryptionMembers,
      ]);
      const where = target(input);
      requireDefaultEncryption(store, where.bucket, input);
      const bytes = body(input);
      verifyChecksums(input, bytes);
      const info = await store.put(where, bytes, putOptions(input), call);
      return { ETag: quoted(info.etag), ...versionOf(info.versionId), ...encryptionOf(store, where.bucket) };
    },

    async GetObject(input, call) {
      onlyKnown("GetObject", input, [...addressing, "Range", "VersionId", "IfMatch", "IfNoneMatch", "ChecksumMode"]);
      const where = target(input);
      const { info, file } = store.find(where, optionalText(input, "VersionId"), call);
      checkRead(input, info.etag);
      const range = parseRange(optionalText(input, "Range"), info.size);
      const start = range?.start ?? 0;
      const length = range ? range.end - range.start + 1 : info.size;
      return {
        ...describe(store, where.bucket, info),
        Body: await readAt(file, start, length),
        ContentLength: length,
        ...(range && { ContentRange: `bytes ${range.start}-${range.end}/${info.size}` }),
      };
    },

    HeadObject(input, call) {
      onlyKnown("HeadObject", input, [...addressing, "VersionId", "IfMatch", "IfNoneMatch", "ChecksumMode"]);
      const where = target(input);
      const { info } = store.find(where, optionalText(input, "VersionId"), call);
      checkRead(input, info.etag);
      return describe(store, where.bucket, info);
    },

    DeleteObject(input, call) {
      onlyKnown("DeleteObject", input, addressing);
      const versionId = store.remove(target(input), call);
      return versionId === undefined ? {} : { DeleteMarker: true, VersionId: versionId };
    },

    DeleteObjects(input, call) {
      onlyKnown("DeleteObjects", input, [
        "Bucket",
        "Delete",
        "ExpectedBucketOwner",
        "ChecksumAlgorithm",
        ...checksumMembers,
      ]);
      const bucket = store.bucket(text(input, "Bucket")).name;
      const { keys, quiet } = parseDelete(input["Delete"]);
      const deleted: Shape[] = [];
      const errors: Shape[] = [];
      for (const key of keys) {
        try {
          const marker = store.remove({ bucket, key }, call);
          deleted.push({
            Key: key,
            ...(marker !== undefined && { DeleteMarker: true, DeleteMarkerVersionId: marker }),
          });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          errors.push({ Key: key, Code: error.code, Message: error.message });
        }
      }
      return { Deleted: quiet ? [] : deleted, Errors: errors };
    },

    async CopyObject(input, call) {
      onlyKnown("CopyObject", input, [
        ...addressing,
        "CopySource",
        "MetadataDirective",
        "ContentType",
        "Metadata",
        ...encryptionMembers,
      ]);
      const where = target(input);
      requireDefaultEncryption(store, where.bucket, input);
      const source = parseCopySource(text(input, "CopySource"));
      const { info, file } = store.find(source, source.versionId, call);
      const replace = input["MetadataDirective"] === "REPLACE";
      const copy = store.temporaryFile();
      try {
        copyFileSync(file, copy);
        const made = await store.put(
          where,
          { file: copy },
          {
            ...(replace ? putOptions(input) : { contentType: info.contentType, metadata: info.metadata }),
            etag: info.etag,
          },
          call,
        );
        return {
          CopyObjectResult: { ETag: quoted(made.etag), LastModified: new Date(made.lastModified) },
          ...versionOf(made.versionId),
          ...encryptionOf(store, where.bucket),
        };
      } catch (error) {
        rmSync(copy, { force: true });
        throw diskError(error);
      }
    },

    HeadBucket: (input, call) => ({ BucketRegion: store.region, BucketArn: headBucket(input, call).arn }),
    GetBucketLocation(input, call) {
      location(input, call);
      // S3's oldest region answers without a name.
      return store.region === "us-east-1" ? {} : { LocationConstraint: store.region };
    },
    GetBucketVersioning: (input, call) => (versioning(input, call).versioned ? { Status: "Enabled" } : {}),
  };
}

function putOptions(input: Shape): PutOptions {
  const contentType = optionalText(input, "ContentType");
  const metadata = textMap(input, "Metadata");
  const ifNoneMatch = optionalText(input, "IfNoneMatch");
  const ifMatch = optionalText(input, "IfMatch");
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*")
    throw new NotImplementedLocally("s3:PutObject with IfNoneMatch other than *");
  return {
    ...(contentType !== undefined && { contentType }),
    ...(metadata !== undefined && { metadata }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(ifMatch !== undefined && { ifMatch: unquoted(ifMatch) }),
  };
}

function checkRead(input: Shape, etag: string): void {
  const ifMatch = optionalText(input, "IfMatch");
  if (ifMatch !== undefined && ifMatch !== "*" && unquoted(ifMatch) !== etag) throw preconditionFailed("If-Match");
  const ifNoneMatch = optionalText(input, "IfNoneMatch");
  if (ifNoneMatch !== undefined && (ifNoneMatch === "*" || unquoted(ifNoneMatch) === etag)) {
    throw new AwsError("NotModified", "Not Modified", 304);
  }
}

/** A request may repeat the bucket's default encryption; another one is refused. */
export function requireDefaultEncryption(store: FileObjectStore, bucket: string, input: Shape): void {
  const { encryption } = store.bucket(bucket);
  const algorithm = optionalText(input, "ServerSideEncryption");
  const key = optionalText(input, "SSEKMSKeyId");
  if (algorithm !== undefined && algorithm !== (encryption ? "aws:kms" : "AES256")) {
    throw new NotImplementedLocally(`s3 encryption ${algorithm} other than the bucket's default`);
  }
  if (key !== undefined && key !== encryption?.keyArn) {
    throw new NotImplementedLocally("s3 encryption under a key other than the bucket's default");
  }
}

export function encryptionOf(store: FileObjectStore, bucket: string): Shape {
  const { encryption } = store.bucket(bucket);
  if (!encryption) return { ServerSideEncryption: "AES256" };
  return {
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: encryption.keyArn,
    ...(encryption.bucketKey && { BucketKeyEnabled: true }),
  };
}

export const versionOf = (versionId: string | undefined): Shape =>
  versionId === undefined ? {} : { VersionId: versionId };

function describe(
  store: FileObjectStore,
  bucket: string,
  info: { readonly [K in "etag" | "contentType"]: string } & {
    readonly size: number;
    readonly lastModified: number;
    readonly metadata: Readonly<Record<string, string>>;
    readonly versionId?: string;
  },
): Shape {
  return {
    ETag: quoted(info.etag),
    ContentLength: info.size,
    ContentType: info.contentType,
    LastModified: new Date(info.lastModified),
    AcceptRanges: "bytes",
    Metadata: info.metadata,
    ...versionOf(info.versionId),
    ...encryptionOf(store, bucket),
  };
}

function parseDelete(value: unknown): { readonly keys: readonly string[]; readonly quiet: boolean } {
  const malformed = new AwsError("MalformedXML", "The request must name between 1 and 1000 objects to delete.", 400);
  if (typeof value !== "object" || value === null || !("Objects" in value) || !Array.isArray(value.Objects))
    throw malformed;
  const keys = value.Objects.map((object: unknown) => {
    if (typeof object !== "object" || object === null || !("Key" in object) || typeof object.Key !== "string")
      throw malformed;
    onlyKnown("DeleteObjects", { ...object }, ["Key"]);
    return object.Key;
  });
  if (keys.length === 0 || keys.length > 1000) throw malformed;
  const quiet = "Quiet" in value && (value.Quiet === true || value.Quiet === "true");
  return { keys, quiet };
}

function parseCopySource(source: string): Target & { readonly versionId: string | undefined } {
  const [path = "", query = ""] = source.split("?versionId=");
  const [bucket = "", ...key] = decodeURIComponent(path).replace(/^\//, "").split("/");
  return { bucket, key: key.join("/"), versionId: query === "" ? undefined : query };
}
