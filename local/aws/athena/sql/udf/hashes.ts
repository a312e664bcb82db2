import { left, MASK, ofBytes, times } from "./bytes.ts";
import { BYTES, type Udf } from "./udf.ts";

const NONE = new Uint8Array();

/** Bytes as little-endian words, with zeros behind them up to `size`. */
function words(bytes: Uint8Array, size: number): readonly bigint[] {
  const padded = Buffer.alloc(size);
  padded.set(bytes);
  return Array.from({ length: size / 8 }, (_, i) => padded.readBigUInt64LE(8 * i));
}

/** A state of 64-bit words, counted round: the word after the last one is the first. */
class State {
  readonly #words: bigint[];

  constructor(start: readonly bigint[]) {
    this.#words = [...start];
  }

  get(at: number): bigint {
    return this.#words[at % this.#words.length] ?? 0n;
  }

  add(at: number, value: bigint): void {
    this.#words[at % this.#words.length] = (this.get(at) + value) & MASK;
  }

  xor(at: number, value: bigint): void {
    this.#words[at % this.#words.length] = this.get(at) ^ value;
  }

  turn(at: number, by: number): void {
    this.#words[at % this.#words.length] = left(this.get(at), BigInt(by));
  }
}

const MAGIC = 0xdead_beef_dead_beefn;
const SHORT_MIX = [50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36] as const;
const SHORT_END = [15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63] as const;
const LONG_MIX = [11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46] as const;
const LONG_END = [44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54] as const;
/** From so many bytes on SpookyHash has its larger state. */
const LONG = 192;

function shortSpooky(data: Uint8Array): bigint {
  const state = new State([0n, 0n, MAGIC, MAGIC]);
  const mix = (): void => {
    for (const [i, by] of SHORT_MIX.entries()) {
      state.turn(i + 2, by);
      state.add(i + 2, state.get(i + 3));
      state.xor(i, state.get(i + 2));
    }
  };
  let at = 0;
  const take = (word: number): void => {
    for (const [i, value] of words(data.subarray(at, at + 16), 16).entries()) state.add(word + i, value);
    at += 16;
  };
  while (at + 32 <= data.length) {
    take(2);
    mix();
    take(0);
  }
  if (at + 16 <= data.length) {
    take(2);
    mix();
  }
  state.add(3, BigInt(data.length) << 56n);
  if (at < data.length) take(2);
  else for (const word of [2, 3]) state.add(word, MAGIC);
  for (const [i, by] of SHORT_END.entries()) {
    state.xor(i + 3, state.get(i + 2));
    state.turn(i + 2, by);
    state.add(i + 3, state.get(i + 2));
  }
  return state.get(0);
}

function longSpooky(data: Uint8Array): bigint {
  const state = new State(Array.from({ length: 12 }, (_, i) => (i % 3 === 2 ? MAGIC : 0n)));
  let at = 0;
  for (; at + 96 <= data.length; at += 96)
    for (const [i, value] of words(data.subarray(at, at + 96), 96).entries()) {
      state.add(i, value);
      state.xor(i + 2, state.get(i + 10));
      state.xor(i + 11, state.get(i));
      state.turn(i, LONG_MIX[i] ?? 0);
      state.add(i + 11, state.get(i + 1));
    }
  const rest = data.length - at;
  for (const [i, value] of words(data.subarray(at), 96).entries()) state.add(i, value);
  state.add(11, BigInt(rest) << 56n);
  for (let round = 0; round < 3; round++)
    for (const [i, by] of LONG_END.entries()) {
      state.add(i + 11, state.get(i + 1));
      state.xor(i + 2, state.get(i + 11));
      state.turn(i + 1, by);
    }
  return state.get(0);
}

/** SpookyHash V2 of 64 bits with seed 0 (https://burtleburtle.net/bob/hash/spooky.html). */
export const spookyHash = (data: Uint8Array): bigint => (data.length < LONG ? shortSpooky(data) : longSpooky(data));

const [C1, C2] = [0x87c3_7b91_1142_53d5n, 0x4cf5_ad43_2745_937fn] as const;
const scrambled = (word: bigint, first: bigint, by: bigint, second: bigint): bigint =>
  times(left(times(word, first), by), second);

function finished(word: bigint): bigint {
  const once = times(word ^ (word >> 33n), 0xff51_afd7_ed55_8ccdn);
  const twice = times(once ^ (once >> 33n), 0xc4ce_b9fe_1a85_ec53n);
  return twice ^ (twice >> 33n);
}

/** MurmurHash3 of 128 bits for 64-bit machines, seed 0 (https://github.com/aappleby/smhasher); low word first. */
export function murmurHash(data: Uint8Array): readonly [bigint, bigint] {
  let [h1, h2] = [0n, 0n];
  for (let at = 0; at < data.length; at += 16) {
    const [k1 = 0n, k2 = 0n] = words(data.subarray(at, at + 16), 16);
    h1 ^= scrambled(k1, C1, 31n, C2);
    // The last bytes, when they fill no block, are not mixed on.
    if (at + 16 <= data.length) h1 = (times((left(h1, 27n) + h2) & MASK, 5n) + 0x52dc_e729n) & MASK;
    h2 ^= scrambled(k2, C2, 33n, C1);
    if (at + 16 <= data.length) h2 = (times((left(h2, 31n) + h1) & MASK, 5n) + 0x3849_5ab5n) & MASK;
  }
  const length = BigInt(data.length);
  h1 = ((h1 ^ length) + (h2 ^ length)) & MASK;
  h2 = ((h2 ^ length) + h1) & MASK;
  [h1, h2] = [finished(h1), finished(h2)];
  h1 = (h1 + h2) & MASK;
  return [h1, (h2 + h1) & MASK];
}

function spooky(data: Uint8Array, bits: 32 | 64): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(spookyHash(data));
  return bytes.subarray(8 - bits / 8);
}

function murmur(data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(16);
  for (const [i, word] of murmurHash(data).entries()) bytes.writeBigUInt64LE(word, 8 * i);
  return bytes;
}

/** Hashes that are no cryptography. */
export const hashUdfs: readonly Udf[] = [
  ofBytes("trino_murmur3", 1, BYTES, (x = NONE) => murmur(x)),
  ofBytes("trino_spooky_32", 1, BYTES, (x = NONE) => spooky(x, 32)),
  ofBytes("trino_spooky_64", 1, BYTES, (x = NONE) => spooky(x, 64)),
];
