import { dayText, javaDouble, timestampText } from "../../values.ts";
import { LONG, NUMBER, ofTexts, TEXT, type Udf } from "./udf.ts";

/** Texts of a result's values that are too rare to be said in SQL. */
export const resultUdfs: readonly Udf[] = [
  {
    name: "athena_double",
    takes: [NUMBER],
    gives: TEXT,
    refuses: false,
    call: (value) => javaDouble(Number(value)),
  },
  ofTexts("athena_day", 1, TEXT, (text) => dayText(String(text))),
  {
    name: "athena_timestamp",
    takes: [LONG, LONG],
    gives: TEXT,
    refuses: false,
    call: (micros, digits) => timestampText(BigInt(String(micros)), Number(digits)),
  },
];
