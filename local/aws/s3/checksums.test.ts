import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChecksumCheck, verifyChecksums } from "./checksums.ts";
import { type Crc, crc32c, crc64nvme } from "./crc.ts";

const nine = Buffer.from("123456789");
const of = (start: () => Crc, ...pieces: readonly Uint8Array[]): string => {
  const crc = start();
  for (const piece of pieces) crc.update(piece);
  return crc.digest().toString("hex");
};

describe("cyclic redundancy checks", () => {
  // The check values of the catalogue of parametrised CRC algorithms; RFC 3720 B.4 for the blocks of 32 bytes.
  test.each([
    ["CRC-32/ISCSI", crc32c, nine, "e3069283"],
    ["CRC-32/ISCSI", crc32c, Buffer.alloc(32), "8a9136aa"],
    ["CRC-32/ISCSI", crc32c, Buffer.alloc(32, 0xff), "62a8ab43"],
    ["CRC-32/ISCSI", crc32c, Buffer.alloc(0), "00000000"],
    ["CRC-64/NVME", crc64nvme, nine, "ae8b14860a799888"],
    ["CRC-64/NVME", crc64nvme, Buffer.alloc(0), "0000000000000000"],
  ])("%s of known bytes", (_name, start, bytes, expected) => {
    expect(of(start, bytes)).toBe(expected);
  });

  test("give the same however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const whole = Buffer.concat([first, second]);
        for (const start of [crc32c, crc64nvme]) expect(of(start, first, second)).toBe(of(start, whole));
      }),
    );
  });
});

describe("checksums of a request", () => {
  const checksums = {
    ContentMD5: createHash("md5").update(nine).digest("base64"),
    ChecksumCRC32: "y/Q5Jg==",
    ChecksumCRC32C: "4waSgw==",
    ChecksumCRC64NVME: "rosUhgp5mIg=",
    ChecksumSHA1: createHash("sha1").update(nine).digest("base64"),
    ChecksumSHA256: createHash("sha256").update(nine).digest("base64"),
  };

  test("of every algorithm fit the bytes, together and in pieces", () => {
    expect(() => verifyChecksums(checksums, "123456789")).not.toThrow();
    const check = new ChecksumCheck(checksums);
    check.update(nine.subarray(0, 4));
    check.update(nine.subarray(4));
    expect(() => check.verify()).not.toThrow();
  });

  test.each(Object.entries(checksums))("%s refuses other bytes", (member, value) => {
    expect(() => verifyChecksums({ [member]: value }, "12345678")).toThrow(
      expect.objectContaining({ code: "BadDigest", message: expect.stringContaining(member) }),
    );
  });

  test("a checksum of checksums is refused by name", () => {
    expect(() => new ChecksumCheck({ ChecksumCRC32: "y/Q5Jg==-2" })).toThrow("s3 ChecksumCRC32 of type COMPOSITE");
  });
});
