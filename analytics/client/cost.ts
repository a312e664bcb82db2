const MEGABYTE = 2 ** 20;
const TERABYTE = 2 ** 40;
const USD_PER_TERABYTE = 5;

/**
 * What Athena asks for a query on demand: 5 USD a terabyte scanned, rounded up to the megabyte, 10 MB at least.
 * DDL is free, and so is what only asks the catalogue (UTILITY: SHOW, DESCRIBE). The list price of most regions; S3 and Glue requests come on top.
 * @param bytesScanned as Athena reports it
 * @returns USD
 */
export function cost(bytesScanned: number, statementType = "DML"): number {
  if (statementType === "DDL" || statementType === "UTILITY") return 0;
  const megabytes = Math.max(10, Math.ceil(bytesScanned / MEGABYTE));
  return (megabytes * MEGABYTE * USD_PER_TERABYTE) / TERABYTE;
}
