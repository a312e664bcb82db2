import type { ResultColumn } from "./rows.ts";

/**
 * A name of its own for every column: Arrow and JSON know values by name, and Athena allows one name twice. The first
 * keeps it, the next ones get a number that no other has: `x`, `x_2`.
 */
export function uniqueNames(columns: readonly ResultColumn[]): string[] {
  const given = new Set(columns.map(({ name }) => name));
  const used = new Set<string>();
  return columns.map(({ name }) => {
    let own = name;
    for (let number = 2; used.has(own) || (own !== name && given.has(own)); number += 1) own = `${name}_${number}`;
    used.add(own);
    return own;
  });
}
