import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock/clock.ts";
import { AwsError, type Operation, type Shape } from "../service.ts";
import { ChecksumCheck, checksumMembers, verifyChecksums } from "./checksums.ts";
import { authorizeS3, diskError } from "./errors.ts";
import { encryptionOf, requireDefaultEncryption, versionOf } from "./objects.ts";
import { body, onlyKnown, optionalNumber, optionalText, quoted, text, textMap, unquoted } from "./shapes.ts";
import type { FileObjectStore, Target } from "./store.ts";

/** Every part but the last has at least 5 MiB. */
const minimumPart = 5 * 1024 * 1024;

/** An upload that has been created: a folder with its description and its parts. */
interface Upload extends Target {
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const description = "upload.json";

const describe = (folder: string): Upload => {
  const found = JSON.parse(readFileSync(join(folder, description), "utf8")) as Omit<Upload, "folder">;
  return { ...found, folder };
};

/** The uploads under `folder` that are neither completed nor aborted. */
export function uploadsIn(folder: string): readonly (Target & { readonly id: string; readonly initiated: number })[] {
  return readdirSync(folder)
    .filter((id) => existsSync(join(folder, id, description)))
    .map((id) => ({ id, ...describe(join(folder, id)) }));
}

/** Forgets an upload and its parts. */
export function discardUpload(folder: string, id: string): void {
  rmSync(join(folder, id), { recursive: true, force: true });
}

/** Multipart uploads, kept under `folder` until they are completed or aborted. */
export function multipartOperations(
  store: FileObjectStore,
  folder: string,
  clock: Clock,
): Readonly<Record<string, Operation>> {
  const find = (input: Shape): Upload => {
    const id = text(input, "UploadId");
    const upload = join(folder, id);
    const missing = new AwsError(
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      404,
    );
    if (!/^[\w-]+$/.test(id) || !existsSync(join(upload, description))) throw missing;
    const found = describe(upload);
    if (found.bucket !== text(input, "Bucket") || found.key !== text(input, "Key")) throw missing;
    return found;
  };

  return {
    CreateMultipartUpload(input, call) {
      onlyKnown("CreateMultipartUpload", input, [
        "Bucket",
        "Key",
        "ContentType",
        "Metadata",
        "ChecksumAlgorithm",
        "ChecksumType",
        "ServerSideEncryption",
        "SSEKMSKeyId",
        "BucketKeyEnabled",
      ]);
      const target = { bucket: text(input, "Bucket"), key: text(input, "Key") };
      requireDefaultEncryption(store, target.bucket, input);
      store.authorize(call, "s3:PutObject", target);
      const id = randomBytes(24).toString("base64url");
      mkdirSync(join(folder, id), { recursive: true });
      const contentType = optionalText(input, "ContentType");
      const metadata = textMap(input, "Metadata");
      const initiated = clock.now();
      writeFileSync(join(folder, id, description), JSON.stringify({ ...target, initiated, contentType, metadata }));
      return { Bucket: target.bucket, Key: target.key, UploadId: id, ...encryptionOf(store, target.bucket) };
    },

    UploadPart(input, call) {
      onlyKnown("UploadPart", input, [
        "Bucket",
        "Key",
        "UploadId",
        "PartNumber",
        "Body",
        "ContentLength",
        "ChecksumAlgorithm",
        ...checksumMembers,
      ]);
      const upload = find(input);
      store.authorize(call, "s3:PutObject", upload);
      const number = partNumber(input);
      const bytes = body(input);
      verifyChecksums(input, bytes);
      try {
        writeFileSync(join(upload.folder, `${number}.part`), bytes);
      } catch (error) {
        throw diskError(error);
      }
      return { ETag: quoted(md5(bytes)), ...encryptionOf(store, upload.bucket) };
    },

    async CompleteMultipartUpload(input, call) {
      onlyKnown("CompleteMultipartUpload", input, [
        "Bucket",
        "Key",
        "UploadId",
        "MultipartUpload",
        "ChecksumType",
        "MpuObjectSize",
        "IfNoneMatch",
        ...checksumMembers,
      ]);
      const upload = find(input);
      store.authorize(call, "s3:PutObject", upload);
      const whole = store.temporaryFile();
      try {
        const check = new ChecksumCheck(input);
        const { etag, size } = joinParts(upload, parseParts(input["MultipartUpload"]), whole, check);
        check.verify();
        const wanted = optionalNumber(input, "MpuObjectSize") ?? size;
        if (wanted !== size)
          throw new AwsError("InvalidRequest", `The provided object size ${wanted} does not match the parts' ${size}.`);
        const info = await store.put(
          upload,
          { file: whole },
          {
            etag,
            ...(upload.contentType !== undefined && { contentType: upload.contentType }),
            ...(upload.metadata !== undefined && { metadata: upload.metadata }),
            ...(input["IfNoneMatch"] === "*" && { ifNoneMatch: "*" }),
          },
          call,
        );
        rmSync(upload.folder, { recursive: true, force: true });
        return {
          Bucket: upload.bucket,
          Key: upload.key,
          ETag: quoted(info.etag),
          ...versionOf(info.versionId),
          ...encryptionOf(store, upload.bucket),
        };
      } catch (error) {
        rmSync(whole, { force: true });
        throw diskError(error);
      }
    },

    AbortMultipartUpload(input, call) {
      onlyKnown("AbortMultipartUpload", input, ["Bucket", "Key", "UploadId"]);
      const upload = find(input);
      authorizeS3(call, "s3:AbortMultipartUpload", `${store.bucket(upload.bucket).arn}/${upload.key}`);
      rmSync(upload.folder, { recursive: true, force: true });
      return {};
    },
  };
}

const md5 = (bytes: Uint8Array | string): string => createHash("md5").update(bytes).digest("hex");

function partNumber(input: Shape): number {
  const number = optionalNumber(input, "PartNumber") ?? 0;
  if (number < 1 || number > 10_000)
    throw new AwsError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", 400);
  return number;
}

interface Part {
  readonly number: number;
  readonly etag: string;
}

function parseParts(value: unknown): readonly Part[] {
  const malformed = new AwsError(
    "MalformedXML",
    "The request must name its parts, each with PartNumber and ETag.",
    400,
  );
  if (typeof value !== "object" || value === null || !("Parts" in value) || !Array.isArray(value.Parts))
    throw malformed;
  return value.Parts.map((part: unknown) => {
    if (typeof part !== "object" || part === null || !("ETag" in part) || typeof part.ETag !== "string")
      throw malformed;
    return { number: partNumber({ ...part }), etag: unquoted(part.ETag) };
  });
}

/** Writes the parts one after the other into `whole` and gives S3's ETag of a multipart object: MD5 of MD5s, count. */
function joinParts(
  upload: Upload,
  parts: readonly Part[],
  whole: string,
  check: ChecksumCheck,
): { readonly etag: string; readonly size: number } {
  if (parts.some((part, index) => index > 0 && part.number <= (parts[index - 1]?.number ?? 0))) {
    throw new AwsError(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
      400,
    );
  }
  const digest = createHash("md5");
  let size = 0;
  for (const [index, { number, etag }] of parts.entries()) {
    const file = join(upload.folder, `${number}.part`);
    const bytes = existsSync(file) ? readFileSync(file) : undefined;
    if (!bytes || md5(bytes) !== etag) {
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag.",
        400,
      );
    }
    if (index < parts.length - 1 && bytes.length < minimumPart) {
      throw new AwsError(
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed object size.",
        400,
        { PartNumber: number },
      );
    }
    digest.update(Buffer.from(etag, "hex"));
    check.update(bytes);
    appendFileSync(whole, bytes);
    size += bytes.length;
  }
  return { etag: `${digest.digest("hex")}-${parts.length}`, size };
}
