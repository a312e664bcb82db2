/** A checksum that is fed piece by piece. */
export interface Crc {
  update(bytes: Uint8Array): void;
  /** Big-endian, as S3 writes checksums. */
  digest(): Buffer;
}

/** CRC-32C (Castagnoli) of RFC 3720, reflected: Node has CRC-32 only. */
const CASTAGNOLI = 0x82f63b78;
/** CRC-64/NVME, reflected, in halves: 64-bit integers would be BigInts, which are slow. */
const NVME_HIGH = 0x9a6c9329;
const NVME_LOW = 0xac4bc9b5;

const crc32cTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
  return value;
});

const nvmeHigh = new Int32Array(256);
const nvmeLow = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const odd = (low & 1) === 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      high ^= NVME_HIGH;
      low ^= NVME_LOW;
    }
  }
  nvmeHigh[byte] = high;
  nvmeLow[byte] = low;
}

/** CRC-32C of what it is fed. */
export function crc32c(): Crc {
  let value = -1;
  return {
    update(bytes) {
      let crc = value;
      for (let position = 0; position < bytes.length; position++)
        crc = (crc >>> 8) ^ (crc32cTable[(crc ^ (bytes[position] ?? 0)) & 0xff] ?? 0);
      value = crc;
    },
    digest: () => bigEndian(~value),
  };
}

/** CRC-64/NVME of what it is fed: what newer SDKs and AWS CLI 2 send by default. */
export function crc64nvme(): Crc {
  let valueHigh = -1;
  let valueLow = -1;
  return {
    update(bytes) {
      let high = valueHigh;
      let low = valueLow;
      for (let position = 0; position < bytes.length; position++) {
        const index = (low ^ (bytes[position] ?? 0)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (nvmeLow[index] ?? 0);
        high = (high >>> 8) ^ (nvmeHigh[index] ?? 0);
      }
      valueHigh = high;
      valueLow = low;
    },
    digest: () => bigEndian(~valueHigh, ~valueLow),
  };
}

function bigEndian(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [position, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * position);
  return bytes;
}
