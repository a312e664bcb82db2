import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values are those of a real Trino, which writes some doubles with more digits than they need.

const texts = (...values: readonly string[]): string =>
  values.map((value) => `CAST(${value} AS varchar)`).join(" || ' ' || ");

givesTrinosAnswer([
  [
    texts("9223372036854775807e0 / 2", "-18014398509481988e0", "1152921504606846976e0"),
    "4.6116860184273879E18 -1.8014398509481988E16 1.15292150460684698E18 :: varchar",
  ],
  [texts("9223372036854774784e0", "18014398509481983e0"), "9.2233720368547748E18 1.8014398509481984E16 :: varchar"],
  [texts("1e300", "-1.5e27", "0.5", "1e0 / 3"), "1.0E300 -1.5E27 0.5 3.333333333333333E-1 :: varchar"],
]);

const UNKNOWN = "text of a double from 2^63 to 2^90, or of a power of two";

refusesByName([
  [texts("2e23"), UNKNOWN],
  [texts("-9223372036854775808e0"), UNKNOWN],
  [texts("pow(2, -44)"), UNKNOWN],
  [texts("pow(2, 100)"), UNKNOWN],
]);
