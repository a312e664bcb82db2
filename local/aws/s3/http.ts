import {
  type Call,
  type HttpRequest,
  type HttpResponse,
  NotImplementedLocally,
  type Operation,
  type Shape,
} from "../service.ts";
import { parseXml, toXml } from "./xml.ts";

/** Request headers that are members of operations. */
const headerMembers: Readonly<Record<string, string>> = {
  "content-type": "ContentType",
  "content-md5": "ContentMD5",
  "if-match": "IfMatch",
  "if-none-match": "IfNoneMatch",
  range: "Range",
  "x-amz-checksum-crc32": "ChecksumCRC32",
  "x-amz-checksum-crc32c": "ChecksumCRC32C",
  "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME",
  "x-amz-checksum-sha1": "ChecksumSHA1",
  "x-amz-checksum-sha256": "ChecksumSHA256",
  "x-amz-checksum-mode": "ChecksumMode",
  "x-amz-checksum-algorithm": "ChecksumAlgorithm",
  "x-amz-checksum-type": "ChecksumType",
  "x-amz-mp-object-size": "MpuObjectSize",
  "x-amz-copy-source": "CopySource",
  "x-amz-metadata-directive": "MetadataDirective",
  "x-amz-expected-bucket-owner": "ExpectedBucketOwner",
  "x-amz-server-side-encryption": "ServerSideEncryption",
  "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
};

/** Headers of S3's that the gateway or the transport has dealt with. */
const transportHeaders = new Set([
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-user-agent",
  "x-amz-security-token",
  "x-amz-decoded-content-length",
  "x-amz-trailer",
  "x-amz-trailer-signature",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-te",
  // S3 has one version of its API.
  "x-amz-api-version",
]);

/** Headers that ask for what is so anyway: one class of storage, in which no object is archived and restored. */
const granted: Readonly<Record<string, string>> = {
  "x-amz-storage-class": "STANDARD",
  "x-amz-optional-object-attributes": "RestoreStatus",
};

/** Headers that would be stored with the object, which the store does not do. */
const refusedHeaders = [
  "cache-control",
  "content-disposition",
  "content-language",
  "if-modified-since",
  "if-unmodified-since",
];

const queryMembers: Readonly<Record<string, string>> = {
  prefix: "Prefix",
  delimiter: "Delimiter",
  "max-keys": "MaxKeys",
  "continuation-token": "ContinuationToken",
  marker: "Marker",
  "start-after": "StartAfter",
  "encoding-type": "EncodingType",
  "fetch-owner": "FetchOwner",
  versionId: "VersionId",
  partNumber: "PartNumber",
  uploadId: "UploadId",
};

/** What the first version of listing is asked with; any other name is a sub-resource. */
const listingQuery = new Set(["prefix", "delimiter", "marker", "max-keys", "encoding-type", "x-id"]);

/** Which operation a request asks for: method, whether there is a key, and the sub-resource. */
function operationOf(
  method: string,
  hasBucket: boolean,
  hasKey: boolean,
  query: URLSearchParams,
  headers: HttpRequest["headers"],
): string {
  const has = (name: string) => query.has(name);
  const copying = "x-amz-copy-source" in headers;
  if (!hasBucket) return method === "GET" ? "ListBuckets" : "";
  if (!hasKey) {
    if (method === "HEAD") return "HeadBucket";
    if (method === "POST" && has("delete")) return "DeleteObjects";
    if (method !== "GET") return "";
    if (has("location")) return "GetBucketLocation";
    if (has("versioning")) return "GetBucketVersioning";
    if (has("versions")) return "ListObjectVersions";
    if (query.get("list-type") === "2") return "ListObjectsV2";
    return [...query.keys()].every((name) => listingQuery.has(name)) ? "ListObjects" : "";
  }
  if (method === "PUT" && has("uploadId")) return copying ? "" : "UploadPart";
  if (method === "PUT") return copying ? "CopyObject" : "PutObject";
  if (method === "POST")
    return has("uploads") ? "CreateMultipartUpload" : has("uploadId") ? "CompleteMultipartUpload" : "";
  if (method === "DELETE") return has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
  if (method === "HEAD") return "HeadObject";
  return method === "GET" && !has("uploadId") ? "GetObject" : "";
}

/** Sub-resources that select an operation above; `x-id` is the SDK's own hint. */
const selectors = new Set(["x-id", "list-type", "delete", "location", "versioning", "versions", "uploads"]);
const bodyless = new Set(["ContentType"]);

/** Turns a REST request into an operation's name and SDK-shaped input. Whatever it does not know is refused by name. */
export function decodeRequest(request: HttpRequest): { readonly operation: string; readonly input: Shape } {
  const { method, path, query, headers } = request;
  const slash = path.indexOf("/", 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  const operation = operationOf(method, bucket !== "", key !== "", query, headers);
  const asked = [...query.keys()].filter((name) => name !== "x-id").join("&");
  if (operation === "")
    throw new NotImplementedLocally(`s3 ${method} ${key ? "object" : "bucket"}${asked && ` ?${asked}`}`);

  const input: Record<string, unknown> = {};
  if (bucket !== "") input["Bucket"] = bucket;
  if (key !== "") input["Key"] = key;
  for (const [name, value] of query) {
    const member = queryMembers[name];
    if (member) input[member] = value;
    else if (!selectors.has(name)) throw new NotImplementedLocally(`s3:${operation} with ?${name}`);
  }
  const takesBody = operation === "PutObject" || operation === "CreateMultipartUpload" || operation === "CopyObject";
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const member = headerMembers[name];
    if (member) {
      if (takesBody || !bodyless.has(member)) input[member] = value;
    } else if (name.startsWith("x-amz-meta-")) metadata[name.slice("x-amz-meta-".length)] = value;
    else if (granted[name] === value) continue;
    else if (name.startsWith("x-amz-") ? !transportHeaders.has(name) : refusedHeaders.includes(name)) {
      throw new NotImplementedLocally(`s3:${operation} with ${name}`);
    }
  }
  const encoding = (headers["content-encoding"] ?? "").split(",").map((part) => part.trim());
  if (encoding.some((part) => part !== "" && part !== "aws-chunked"))
    throw new NotImplementedLocally(`s3:${operation} with content-encoding`);
  if (Object.keys(metadata).length > 0) input["Metadata"] = metadata;
  return { operation, input: { ...input, ...decodeBody(operation, request.body) } };
}

function decodeBody(operation: string, body: Buffer): Shape {
  if (operation === "PutObject" || operation === "UploadPart") return { Body: body };
  if (operation === "DeleteObjects") {
    const { Object: objects, Quiet } = parseXml(body, "Delete");
    return { Delete: { Objects: objects, Quiet } };
  }
  if (operation === "CompleteMultipartUpload") {
    const { Part: parts } = parseXml(body, "CompleteMultipartUpload");
    return { MultipartUpload: { Parts: Array.isArray(parts) ? parts.map(onlyEtag) : parts } };
  }
  return {};
}

/** Part checksums are those of the parts already verified at upload. */
function onlyEtag(part: unknown): unknown {
  if (typeof part !== "object" || part === null) return part;
  const { PartNumber, ETag } = { PartNumber: undefined, ETag: undefined, ...part };
  return { PartNumber, ETag };
}

/** Members that travel as response headers. */
const responseHeaders: Readonly<Record<string, string>> = {
  ETag: "etag",
  VersionId: "x-amz-version-id",
  DeleteMarker: "x-amz-delete-marker",
  ContentType: "content-type",
  ContentRange: "content-range",
  AcceptRanges: "accept-ranges",
  ServerSideEncryption: "x-amz-server-side-encryption",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  BucketKeyEnabled: "x-amz-server-side-encryption-bucket-key-enabled",
  BucketRegion: "x-amz-bucket-region",
  BucketArn: "x-amz-bucket-arn",
};

/** Operations that answer an XML document, by its root element. */
const xmlRoots: Readonly<Record<string, string>> = {
  ListBuckets: "ListAllMyBucketsResult",
  ListObjects: "ListBucketResult",
  ListObjectsV2: "ListBucketResult",
  ListObjectVersions: "ListVersionsResult",
  DeleteObjects: "DeleteResult",
  CopyObject: "CopyObjectResult",
  CreateMultipartUpload: "InitiateMultipartUploadResult",
  CompleteMultipartUpload: "CompleteMultipartUploadResult",
  GetBucketVersioning: "VersioningConfiguration",
  GetBucketLocation: "LocationConstraint",
};

function headersOf(output: Shape): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, header] of Object.entries(responseHeaders)) {
    if (output[member] !== undefined) headers[header] = String(output[member]);
  }
  if (output["LastModified"] instanceof Date) headers["last-modified"] = output["LastModified"].toUTCString();
  const metadata = output["Metadata"];
  if (typeof metadata === "object" && metadata !== null) {
    for (const [name, value] of Object.entries(metadata)) headers[`x-amz-meta-${name}`] = String(value);
  }
  return headers;
}

/** Keys in listings are percent-encoded on request, since XML cannot hold every character. */
const encodeKey = (key: unknown): string => encodeURIComponent(String(key)).replaceAll("%2F", "/");

function encodeItem(item: unknown): Shape {
  const shape: Record<string, unknown> = typeof item === "object" && item !== null ? { ...item } : {};
  for (const member of ["Key", "Prefix"]) if (shape[member] !== undefined) shape[member] = encodeKey(shape[member]);
  return shape;
}

function xmlContent(operation: string, output: Shape): Shape {
  if (operation === "ListBuckets") return { Buckets: { Bucket: output["Buckets"] } };
  if (operation === "CopyObject") return { ...Object(output["CopyObjectResult"]) };
  if (operation === "DeleteObjects") return { Deleted: output["Deleted"], Error: output["Errors"] };
  if (operation === "ListObjectVersions" || xmlRoots[operation] === "ListBucketResult") {
    const { Versions, DeleteMarkers, ...rest } = output;
    const content: Record<string, unknown> = { ...rest, Version: Versions, DeleteMarker: DeleteMarkers };
    if (output["EncodingType"] !== "url") return content;
    for (const member of ["Contents", "CommonPrefixes", "Version", "DeleteMarker"]) {
      const items = content[member];
      if (Array.isArray(items)) content[member] = items.map(encodeItem);
    }
    for (const member of ["Prefix", "Delimiter", "StartAfter", "Marker", "NextMarker"]) {
      if (content[member] !== undefined) content[member] = encodeKey(content[member]);
    }
    return content;
  }
  const {
    ServerSideEncryption: _algorithm,
    SSEKMSKeyId: _key,
    BucketKeyEnabled: _bucketKey,
    VersionId: _version,
    ...content
  } = output;
  return content;
}

function encodeResponse(operation: string, output: Shape): HttpResponse {
  const root = xmlRoots[operation];
  if (root !== undefined) {
    const { ETag: _etag, ...headerMembers } = output;
    const body =
      operation === "GetBucketLocation"
        ? toXml(root, {}).replace(
            "></LocationConstraint>",
            `>${String(output["LocationConstraint"] ?? "")}</LocationConstraint>`,
          )
        : toXml(root, xmlContent(operation, output));
    return { status: 200, headers: { ...headersOf(headerMembers), "content-type": "application/xml" }, body };
  }
  const headers = headersOf(output);
  if (operation === "DeleteObject" || operation === "AbortMultipartUpload") return { status: 204, headers };
  if (operation === "HeadObject")
    return { status: 200, headers: { ...headers, "content-length": String(output["ContentLength"]) } };
  const body = output["Body"];
  if (!(body instanceof Uint8Array)) return { status: 200, headers };
  return { status: output["ContentRange"] === undefined ? 200 : 206, headers, body };
}

/** S3 over HTTP, path style. Errors are written by the gateway, in S3's XML. */
export async function handleS3(
  operations: Readonly<Record<string, Operation>>,
  request: HttpRequest,
  call: Call,
): Promise<HttpResponse> {
  const { operation, input } = decodeRequest(request);
  const run = operations[operation];
  if (!run) throw new NotImplementedLocally(`s3:${operation}`);
  return encodeResponse(operation, await run(input, call));
}
