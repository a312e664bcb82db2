import { InvalidIceberg } from "./errors.ts";

/** Avro spec, "Binary Encoding", its primitive types. A long is a number where one holds it exactly, else a bigint. */

/** Above this a zig-zag value might no longer be an exact number after the next seven bits. */
const SAFE_UNIT = 2 ** 42;

export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  get position(): number {
    return this.#at;
  }

  /** Another reader of the same bytes. */
  from(position: number): ByteReader {
    return new ByteReader(this.#bytes, position);
  }

  atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  long(): number | bigint {
    const start = this.#at;
    let zigzag = 0;
    for (let unit = 1; unit <= SAFE_UNIT; unit *= 128) {
      const byte = this.byte();
      if (byte < 0x80) {
        zigzag += byte * unit;
        return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      }
      zigzag += (byte & 0x7f) * unit;
    }
    this.#at = start;
    return this.#wideLong();
  }

  #wideLong(): number | bigint {
    let zigzag = 0n;
    let byte = 0x80;
    for (let shift = 0n; byte >= 0x80; shift += 7n) {
      if (shift > 63n) throw new InvalidIceberg("Avro file: a long has more than 64 bits");
      byte = this.byte();
      zigzag |= BigInt(byte & 0x7f) << shift;
    }
    const value = BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw cutOff();
    this.#at += 1;
    return byte;
  }

  float(): number {
    return this.take(4).readFloatLE();
  }

  double(): number {
    return this.take(8).readDoubleLE();
  }

  bytes(): Buffer {
    return this.take(this.long());
  }

  text(): string {
    const length = this.long();
    const start = this.#at;
    this.skip(length);
    return this.#bytes.toString("utf8", start, this.#at);
  }

  /** The bytes themselves, not a copy. */
  take(length: number | bigint): Buffer {
    const start = this.#at;
    this.skip(length);
    return this.#bytes.subarray(start, this.#at);
  }

  skip(length: number | bigint): void {
    const end = this.#at + Number(length);
    if (end < this.#at || end > this.#bytes.length) throw cutOff();
    this.#at = end;
  }

  /** Calls `read` for every element of an array or map. */
  blocks(read: () => void): void {
    for (let count = Number(this.long()); count !== 0; count = Number(this.long())) {
      // A negative count is followed by the bytes of the block, for those who want to skip it.
      if (count < 0) this.long();
      for (let left = Math.abs(count); left > 0; left--) read();
    }
  }
}

function cutOff(): InvalidIceberg {
  return new InvalidIceberg("Avro file: it is cut off");
}

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #at = 0;

  /** What has been written. The writer must not be used any more. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  long(value: number | bigint): void {
    this.#room(10);
    if (typeof value === "bigint" || Math.abs(value) >= 2 ** 50) {
      this.#wideLong(BigInt(value));
      return;
    }
    let zigzag = value < 0 ? -2 * value - 1 : 2 * value;
    for (; zigzag > 0x7f; zigzag = Math.floor(zigzag / 128)) this.#bytes[this.#at++] = (zigzag % 128) | 0x80;
    this.#bytes[this.#at++] = zigzag;
  }

  #wideLong(value: bigint): void {
    let zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    for (; zigzag > 0x7fn; zigzag >>= 7n) this.#bytes[this.#at++] = Number(zigzag & 0x7fn) | 0x80;
    this.#bytes[this.#at++] = Number(zigzag);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  float(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeFloatLE(value, this.#at);
  }

  double(value: number): void {
    this.#room(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  bytes(value: Uint8Array): void {
    this.long(value.length);
    this.raw(value);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.long(length);
    this.#room(length);
    this.#at += this.#bytes.write(value, this.#at, length);
  }

  /** Bytes without their length. */
  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + length));
    larger.set(this.written());
    this.#bytes = larger;
  }
}
