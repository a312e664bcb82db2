import { hiveLine } from "../../tables/hive-lines-udf.ts";
import { byteUdfs } from "./bytes.ts";
import { dateUdfs } from "./dates.ts";
import { encodingUdfs } from "./encodings.ts";
import { hashUdfs } from "./hashes.ts";
import { hyperLogLogUdfs } from "./hyperloglog.ts";
import { jsonUdfs } from "./json.ts";
import { momentUdfs } from "./moments.ts";
import { probabilityUdfs } from "./probability.ts";
import { regexpUdfs } from "./regexp.ts";
import { resultUdfs } from "./results.ts";
import { textUdfs } from "./texts.ts";
import { raise, type Udf } from "./udf.ts";
import { urlUdfs } from "./urls.ts";

/** Every function in JavaScript that translated queries may call. */
export const udfs: readonly Udf[] = [
  raise,
  hiveLine,
  ...regexpUdfs,
  ...textUdfs,
  ...byteUdfs,
  ...encodingUdfs,
  ...hashUdfs,
  ...probabilityUdfs,
  ...momentUdfs,
  ...urlUdfs,
  ...dateUdfs,
  ...jsonUdfs,
  ...hyperLogLogUdfs,
  ...resultUdfs,
];
