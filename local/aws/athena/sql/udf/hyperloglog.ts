import { INTEGER, LIST } from "@duckdb/node-api";
import { xxhash64 } from "./bytes.ts";
import { biases, rawEstimates } from "./hyperloglog-bias.ts";
import { BYTES, LONG, refuse, type Udf } from "./udf.ts";

/** Bits of a hash that say its bucket, of the number of buckets whose bias is known here. */
const KNOWN = 11;
/** The raw estimate up to which the library corrects it, by the bits of a bucket, from 4. */
const lastCorrected: readonly number[] = [
  79.62908902169245, 159.91708349191092, 319.74022867571614, 639.845112431125, 1300.5406066066353, 2600.677552837471,
  5203.29159407058, 10501.611710079445, 21008.074277544645, 42011.07895808608, 84025.10834292526, 168046.91179316072,
  336062.0295492246,
];
const ALPHAS: Readonly<Record<number, number>> = { 4: 0.673, 5: 0.697, 6: 0.709 };

/** So much too high is a raw estimate: read off the table, in between by a straight line. */
function bias(raw: number): number {
  const above = rawEstimates.findIndex((estimate) => estimate >= raw);
  const [x1, y1] = [rawEstimates[above], biases[above]];
  if (x1 === undefined || y1 === undefined) return 0;
  if (x1 === raw) return y1;
  const [x0, y0] = [rawEstimates[above - 1], biases[above - 1]];
  return x0 === undefined || y0 === undefined ? 0 : ((raw - x0) * (y1 - y0)) / (x1 - x0) + y0;
}

/** Half up, as Java's. */
const rounded = (value: number): bigint => BigInt(Math.round(value));

/**
 * How many different values there were, by the library's dense form.
 * @param codes each bucket that had one times 64, plus the zeros in front of the rest of the hash and one more
 * @param bits of a hash that say its bucket
 */
export function estimate(codes: Iterable<number>, bits: number): bigint {
  const size = 2 ** bits;
  const buckets = new Uint8Array(size);
  for (const code of codes) buckets[code >>> 6] = Math.max(buckets[code >>> 6] ?? 0, code & 63);
  let empty = 0;
  let sum = 0;
  for (const zeros of buckets) {
    if (zeros === 0) empty += 1;
    sum += 2 ** -zeros;
  }
  if (empty > 0.4 * size) return rounded(size * Math.log(size / empty));
  const alpha = ALPHAS[bits] ?? 0.7213 / (1 + 1.079 / size);
  const raw = (alpha * size * size) / sum;
  if (raw > (lastCorrected[bits - 4] ?? 0)) return rounded(raw);
  if (bits !== KNOWN) refuse(`approx_distinct over ${size} buckets of about ${rounded(raw)} values`);
  return rounded(raw - bias(raw));
}

/** What approx_distinct needs: hashes, and the estimate from the buckets they fall in. */
export const hyperLogLogUdfs: readonly Udf[] = [
  {
    name: "trino_hash_bytes",
    takes: [BYTES],
    gives: LONG,
    refuses: false,
    call: (bytes) => BigInt.asIntN(64, xxhash64(bytes instanceof Uint8Array ? bytes : new Uint8Array())),
  },
  {
    name: "trino_hyperloglog",
    takes: [LIST(INTEGER), LONG],
    gives: LONG,
    refuses: true,
    call: (codes, bits) => estimate((Array.isArray(codes) ? codes : []).map(Number), Number(bits)),
  },
];
