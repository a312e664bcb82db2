import { XXHASH64_PRIMES } from "../udf/bytes.ts";

const MASK = "CAST(18446744073709551615 AS UHUGEINT)";
const word = (digits: bigint): string => `CAST(${digits} AS UHUGEINT)`;

const [P1, P2, P3, P4, P5] = XXHASH64_PRIMES;

/** A value that is used several times, worked out once. */
const named = (value: string, body: string): string => `list_transform([${value}], lambda trino_w: ${body})[1]`;
const times = (value: string, by: bigint): string => `((${value} * ${word(by)}) & ${MASK})`;
const turned = (by: number): string => `(((trino_w << ${by}) & ${MASK}) | (trino_w >> ${64 - by}))`;
const mixed = (by: number): string => `xor(trino_w, trino_w >> ${by})`;

/** xxHash64, seed 0, of eight bytes: in words of 128 bits, where nothing overflows. */
function ofEightBytes(value: string): string {
  const bytes = `CAST(CAST(${value} AS HUGEINT) & CAST(18446744073709551615 AS HUGEINT) AS UHUGEINT)`;
  const lane = named(times(bytes, P2), times(turned(31), P1));
  const joined = named(`xor(${word(P5 + 8n)}, ${lane})`, `((${times(turned(27), P1)} + ${word(P4)}) & ${MASK})`);
  return [times(mixed(33), P2), times(mixed(29), P3), mixed(32)].reduce((hash, step) => named(hash, step), joined);
}

/** Hashes as Trino's types have them: what approx_distinct counts. */
export const hashMacros: readonly string[] = [
  `trino_hash_long(x) AS CAST(${ofEightBytes("x")} AS UBIGINT)`,
  // The two halves of a long decimal.
  "trino_hash_halves(x) AS xor(trino_hash_long(x), trino_hash_long(x >> 64))",
  "trino_hash_double(x) AS trino_hash_long(CASE WHEN x = 0 THEN 0 WHEN isnan(x) THEN 9221120237041090560 ELSE CAST(CAST(x AS BIT) AS UBIGINT) END)",
  "trino_hash_blob(x) AS CAST(CAST(trino_hash_bytes(x) AS BIT) AS UBIGINT)",
  "trino_hash_text(x) AS trino_hash_blob(encode(x))",
  // The bucket of a hash, and how many zeros it has behind that and one more: in one number, 64 to a bucket.
  `trino_bucket(h, p) AS list_transform([h], lambda trino_h: CAST((trino_h >> (64 - p)) * 64 + 65 - p - CASE WHEN trino_h % CAST(2 ** (64 - p) AS UBIGINT) = 0 THEN 0 ELSE length(bin(trino_h % CAST(2 ** (64 - p) AS UBIGINT))) END AS INTEGER))[1]`,
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);
