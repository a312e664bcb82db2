/** Functions and constants that give another value each time, in Trino's words and in DuckDB's. */
const CHANGING = new Set(
  `rand random shuffle uuid gen_random_uuid trino_random_below trino_random_between trino_shuffle now today current_date current_time current_timestamp localtime
   localtimestamp current_user current_catalog current_schema get_current_time get_current_timestamp
   tablesample setseed nextval`.split(/\s+/),
);
const LIMITING = new Set(["limit", "fetch", "offset"]);

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|[()]/g;

/**
 * Whether a query, in Trino's or in DuckDB's words, gives the same rows for the same tables whenever it runs. Athena
 * gives no earlier result for `rand()` and the like, nor for LIMIT without ORDER BY (user guide, "Reuse query results in
 * Athena"). When in doubt it does not.
 */
export function isDeterministic(sql: string): boolean {
  // Whether the brackets that are open have had an ORDER BY.
  const ordered = [false];
  let former = "";
  for (const [found] of sql.matchAll(TOKEN)) {
    const word = found.toLowerCase();
    if (word === "(") ordered.push(false);
    else if (word === ")") ordered.pop();
    else if (CHANGING.has(word)) return false;
    else if (word === "by" && former === "order") ordered[ordered.length - 1] = true;
    else if (LIMITING.has(word) && ordered.at(-1) !== true) return false;
    former = word;
  }
  return true;
}
