/** Iceberg spec, appendix B "32-bit Hash Requirements": Murmur3 for x86, 32 bits, seed 0. */

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** @returns the hash as a signed 32-bit integer, as Java has it. */
export function murmur3(bytes: Uint8Array): number {
  const blocks = bytes.length & ~3;
  let hash = 0;
  for (let at = 0; at < blocks; at += 4) {
    hash ^= mix(littleEndian(bytes, at, 4));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  if (blocks < bytes.length) hash ^= mix(littleEndian(bytes, blocks, bytes.length - blocks));
  return finish(hash ^ bytes.length);
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let word = 0;
  for (let index = 0; index < count; index++) word |= (bytes[at + index] ?? 0) << (8 * index);
  return word;
}

function mix(word: number): number {
  const turned = Math.imul(word, C1);
  return Math.imul((turned << 15) | (turned >>> 17), C2);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}
