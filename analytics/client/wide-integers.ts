/** Whole numbers as Arrow lays out a column of them. */
export interface Laid<T> {
  readonly length: number;
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array;
  readonly data: T;
}

type Values = readonly (bigint | null)[];

/** 64 bits each. Arrow's own builders take times as numbers of milliseconds, which cannot tell all microseconds apart. */
export const longs = (values: Values): Laid<BigInt64Array> => ({
  ...validity(values),
  data: BigInt64Array.from(values, (value) => value ?? 0n),
});

/** 128 bits each, in four little-endian words: Arrow's builder takes decimals in no other form. */
export function quads(values: Values): Laid<Uint32Array> {
  const data = new Uint32Array(4 * values.length);
  values.forEach((value, row) => {
    let rest = BigInt.asUintN(128, value ?? 0n);
    for (let word = 0; word < 4; word++, rest >>= 32n) data[4 * row + word] = Number(rest & 0xffffffffn);
  });
  return { ...validity(values), data };
}

function validity(values: Values): Omit<Laid<never>, "data"> {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, row) => {
    if (value === null) nullCount += 1;
    else nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return { length: values.length, nullCount, nullBitmap };
}
