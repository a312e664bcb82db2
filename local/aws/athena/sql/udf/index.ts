import { byteUdfs } from "./bytes.ts";
import { dateUdfs } from "./dates.ts";
import { jsonUdfs } from "./json.ts";
import { regexpUdfs } from "./regexp.ts";
import { resultUdfs } from "./results.ts";
import { textUdfs } from "./texts.ts";
import { raise, type Udf } from "./udf.ts";
import { urlUdfs } from "./urls.ts";

/** Every function in JavaScript that translated queries may call. */
export const udfs: readonly Udf[] = [
  raise,
  ...regexpUdfs,
  ...textUdfs,
  ...byteUdfs,
  ...urlUdfs,
  ...dateUdfs,
  ...jsonUdfs,
  ...resultUdfs,
];
