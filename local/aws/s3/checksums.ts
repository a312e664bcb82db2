import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError, NotImplementedLocally, type Shape } from "../service.ts";
import { type Crc, crc32c, crc64nvme } from "./crc.ts";
import { optionalText } from "./shapes.ts";

const hash = (algorithm: string) => (): Crc => {
  const digest = createHash(algorithm);
  return { update: (bytes) => void digest.update(bytes), digest: () => digest.digest() };
};

function zlibCrc32(): Crc {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

const algorithms: Readonly<Record<string, () => Crc>> = {
  ContentMD5: hash("md5"),
  ChecksumCRC32: zlibCrc32,
  ChecksumCRC32C: crc32c,
  ChecksumCRC64NVME: crc64nvme,
  ChecksumSHA1: hash("sha1"),
  ChecksumSHA256: hash("sha256"),
};

/** Names of the checksums that are verified. */
export const checksumMembers = Object.keys(algorithms);

/** Takes the bytes that a request's checksums speak of, piece by piece, and judges them at the end. */
export class ChecksumCheck {
  readonly #expected: readonly { readonly member: string; readonly value: string; readonly crc: Crc }[];

  /** @throws NotImplementedLocally for a checksum of a multipart object's part checksums */
  constructor(input: Shape) {
    this.#expected = Object.entries(algorithms).flatMap(([member, start]) => {
      const value = optionalText(input, member);
      if (value === undefined) return [];
      if (/-\d+$/.test(value)) throw new NotImplementedLocally(`s3 ${member} of type COMPOSITE`);
      return [{ member, value, crc: start() }];
    });
  }

  update(bytes: Uint8Array): void {
    for (const { crc } of this.#expected) crc.update(bytes);
  }

  /** @throws AwsError `BadDigest` naming the checksum that does not fit */
  verify(): void {
    for (const { member, value, crc } of this.#expected) {
      if (crc.digest().toString("base64") !== value)
        throw new AwsError("BadDigest", `The ${member} you specified did not match the calculated checksum.`, 400);
    }
  }
}

/** Verifies every checksum that came with the bytes. */
export function verifyChecksums(input: Shape, bytes: Uint8Array | string): void {
  const check = new ChecksumCheck(input);
  check.update(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  check.verify();
}
