import { toLocal, zoneOf } from "../expressions/zones.ts";
import { BIGINT, INTERVAL, isNumeric, VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import { wrongArguments } from "./calls.ts";
import { type Check, type FunctionRule, fixed, text } from "./function-rule.ts";

const seconds: Check = written("double", isNumeric);

/** How far the clocks of a value's zone are ahead of UTC: whole hours, or the minutes that are left. */
const ahead = (part: (minutes: string) => string): FunctionRule =>
  written("(timestamp) → bigint", (call, env) => {
    const [value] = call.args;
    const kind = value?.type.kind;
    if (value === undefined || call.args.length !== 1 || (kind !== "timestamptz" && kind !== "timestamp"))
      throw wrongArguments(call, env);
    if (kind === "timestamp" || zoneOf(value.type) === "UTC")
      return { sql: `CASE WHEN ${value.sql} IS NOT NULL THEN CAST(0 AS BIGINT) END`, type: BIGINT };
    const clocks = toLocal(value.sql, zoneOf(value.type));
    const minutes = `((epoch_us(${clocks}) - epoch_us(${toLocal(value.sql, "UTC")})) // 60000000)`;
    return { sql: `CAST(${part(minutes)} AS BIGINT)`, type: BIGINT };
  });

/** How zones are ahead, and lengths of time as text. */
export const zoneFunctions: Readonly<Record<string, FunctionRule>> = {
  timezone_hour: ahead((minutes) => `${minutes} // 60`),
  timezone_minute: ahead((minutes) => `${minutes} % 60`),
  human_readable_seconds: fixed([seconds], VARCHAR, (x) => `trino_readable_seconds(CAST(${x} AS DOUBLE))`),
  parse_duration: fixed([text], INTERVAL, (x) => `trino_milliseconds(trino_parse_duration(${x}))`),
};
