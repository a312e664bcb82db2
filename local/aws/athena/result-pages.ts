import { closeSync, openSync, readSync, statSync } from "node:fs";
import { parseCsv } from "./csv.ts";

/** Rows between two places that are kept. */
const STRIDE = 1000;
const CHUNK_BYTES = 1 << 18;
const QUOTE = 0x22;
const NEWLINE = 0x0a;

type Row = readonly (string | null)[];

/**
 * The rows of a result file, read where they are asked for: what is kept in memory is the place of every thousandth row
 * up to the furthest that was asked for, however large the result.
 */
export class ResultPages {
  readonly #file: string;
  readonly #version: string;
  /** Bytes before the row `STRIDE * n`. */
  readonly #places: number[] = [0];

  constructor(file: string) {
    this.#file = file;
    this.#version = versionOf(file);
  }

  /** Whether this is that file as it is now. */
  isOf(file: string): boolean {
    return this.#file === file && this.#version === versionOf(file);
  }

  /** Up to `size` rows from the row `start` on, the header being row 0; undefined where the file has not so many. */
  page(start: number, size: number): readonly Row[] | undefined {
    const handle = openSync(this.#file, "r");
    try {
      const from = this.#seek(handle, start);
      if (from.row < start) return undefined;
      const to = this.#seek(handle, start + size, from);
      const bytes = Buffer.allocUnsafe(to.place - from.place);
      readSync(handle, bytes, 0, bytes.length, from.place);
      return parseCsv(bytes.toString("utf8"));
    } finally {
      closeSync(handle);
    }
  }

  /** The place of a row, or of the file's end when it has fewer. */
  #seek(handle: number, wanted: number, known?: Place): Place {
    const stride = Math.min(Math.floor(wanted / STRIDE), this.#places.length - 1);
    const kept = { row: stride * STRIDE, place: this.#places[stride] ?? 0 };
    let { row, place } = known !== undefined && known.row > kept.row ? known : kept;
    let isQuoted = false;
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = place; row < wanted; ) {
      const length = readSync(handle, chunk, 0, CHUNK_BYTES, at);
      if (length === 0) break;
      for (let i = 0; i < length && row < wanted; i++) {
        if (chunk[i] === QUOTE) isQuoted = !isQuoted;
        if (chunk[i] !== NEWLINE || isQuoted) continue;
        row++;
        place = at + i + 1;
        if (row === this.#places.length * STRIDE) this.#places.push(place);
      }
      at += length;
    }
    return { row, place };
  }
}

interface Place {
  readonly row: number;
  readonly place: number;
}

function versionOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
}
