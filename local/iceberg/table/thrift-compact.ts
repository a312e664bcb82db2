/** Told a member's field id, reads it and returns true; false skips it, "stop" ends the struct. */
export type StructReader = (field: number, reader: CompactReader) => boolean | "stop";

const STOP = 0;
const TRUE = 1;
const FALSE = 2;

/** Reads Thrift's compact protocol (apache/thrift: doc/specs/thrift-compact-protocol.md) as far as Parquet uses it. */
export class CompactReader {
  readonly #bytes: Buffer;
  #at = 0;
  /** Type of the member that is to be read. */
  #type = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  struct(member: StructReader): void {
    let field = 0;
    for (;;) {
      const head = this.byte();
      const type = head & 0x0f;
      if (type === STOP) return;
      const delta = head >> 4;
      field = delta === 0 ? this.integer() : field + delta;
      this.#type = type;
      const taken = member(field, this);
      if (taken === "stop") return;
      if (!taken) this.#skip(type);
    }
  }

  list(item: (reader: CompactReader) => void): void {
    const { size } = this.#listHead();
    for (let i = 0; i < size; i++) item(this);
  }

  /** Where a boolean is a struct's member, its type is its value. */
  boolean(): boolean {
    return this.#type === TRUE;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new RangeError("A Thrift structure ends early");
    this.#at += 1;
    return value;
  }

  /** A zigzag number of up to 32 bits. */
  integer(): number {
    const raw = this.#varint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  text(): string {
    const length = this.#varint();
    this.#at += length;
    return this.#bytes.toString("utf8", this.#at - length, this.#at);
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      // Bits beyond the 32nd belong to numbers that are only passed over.
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  #listHead(): { readonly type: number; readonly size: number } {
    const head = this.byte();
    const short = head >> 4;
    return { type: head & 0x0f, size: short === 15 ? this.#varint() : short };
  }

  #skip(type: number): void {
    switch (type) {
      case TRUE:
      case FALSE:
        return;
      case 3:
        this.#at += 1;
        return;
      case 4:
      case 5:
      case 6:
        this.#varint();
        return;
      case 7:
        this.#at += 8;
        return;
      case 8: {
        const length = this.#varint();
        this.#at += length;
        return;
      }
      case 9:
      case 10: {
        const head = this.#listHead();
        for (let i = 0; i < head.size; i++) {
          // In a list, a boolean takes a byte.
          if (head.type === TRUE || head.type === FALSE) this.#at += 1;
          else this.#skip(head.type);
        }
        return;
      }
      case 12:
        this.struct(() => false);
        return;
      default:
        throw new RangeError(`Thrift type ${type} is not supported`);
    }
  }
}
