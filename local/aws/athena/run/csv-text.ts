import type { TrinoType } from "../sql/types.ts";

const FRACTIONS: Readonly<Record<number, string>> = { 0: "", 3: ".%g", 6: ".%f" };

// The casts give NULL a type that it may lack in DuckDB; values have theirs.

function ofCommonYears(value: string, common: string, other: string): string {
  return `CASE WHEN year(${value}) BETWEEN 1 AND 9999 THEN ${common} WHEN ${value} IS NOT NULL THEN ${other} END`;
}

function dateText(column: string): string {
  const value = `CAST(${column} AS DATE)`;
  return ofCommonYears(value, `CAST(${value} AS VARCHAR)`, `athena_day(CAST(${value} AS VARCHAR))`);
}

function timestampText(column: string, precision: number): string | undefined {
  const fraction = FRACTIONS[precision];
  if (fraction === undefined) return undefined;
  const value = `CAST(${column} AS TIMESTAMP)`;
  const common = `strftime(${value}, '%Y-%m-%d %H:%M:%S${fraction}')`;
  return ofCommonYears(value, common, `athena_timestamp(epoch_us(${value}), ${precision})`);
}

function doubleText(column: string): string {
  const value = `CAST(${column} AS DOUBLE)`;
  const isPlain = `${value} = 0 OR abs(${value}) >= 1e-3 AND abs(${value}) < 1e7`;
  return `CASE WHEN ${isPlain} THEN CAST(${value} AS VARCHAR) WHEN ${value} IS NOT NULL THEN athena_double(${value}) END`;
}

/**
 * The text of a column's values in Athena's result as a DuckDB expression: the same as `valueText` of them.
 * @returns undefined for types whose values are written one by one.
 */
export function csvText(column: string, type: TrinoType): string | undefined {
  switch (type.kind) {
    case "unknown":
    case "varchar":
    case "boolean":
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
    case "decimal":
      return `CAST(${column} AS VARCHAR)`;
    case "double":
      return doubleText(column);
    case "date":
      return dateText(column);
    case "timestamp":
      return timestampText(column, type.precision);
    case "timestamptz": {
      const instant = type.zone === undefined ? timestampText(column, type.precision) : undefined;
      return instant && `${instant} || ' UTC'`;
    }
    default:
      return undefined;
  }
}
