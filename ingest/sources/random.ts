/** A reproducible source of chance: the same words give the same numbers on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [min, max]. */
  int(min: number, max: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** Four 32-bit words from a text (cyrb128): spreads well, is not cryptographic and need not be. */
function hash(text: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  const all = a ^ b ^ c ^ d;
  return [all >>> 0, (b ^ all) >>> 0, (c ^ all) >>> 0, (d ^ all) >>> 0];
}

/** Chance that depends on these words only (sfc32 seeded by their hash), never on what was drawn elsewhere. */
export function randomOf(...words: readonly (string | number)[]): Random {
  let [a, b, c, d] = hash(words.join("|"));
  const next = () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
  };
}

const hex = (value: number) => value.toString(16).padStart(8, "0");

/**
 * A UUIDv7 (RFC 9562) whose random part comes from `words`: replaying the source gives every event its id again.
 * @param epochMs the event's time, milliseconds since the epoch
 */
export function uuidV7(epochMs: number, ...words: readonly (string | number)[]): string {
  const [a, b, c] = hash(words.join("|"));
  const time = epochMs.toString(16).padStart(12, "0");
  const variant = hex(((b & 0x3fffffff) | 0x80000000) >>> 0);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(a).slice(5)}-${variant.slice(0, 4)}-${variant.slice(4)}${hex(c)}`;
}
