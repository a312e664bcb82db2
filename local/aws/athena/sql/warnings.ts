import type { Node } from "./ast.ts";
import type { Env } from "./scope.ts";

/** Something that is right, on Athena as here, and not what most people expect. */
export interface Surprise {
  readonly title: string;
  readonly example: string;
  readonly what: string;
  readonly instead: string;
}

/** Everything the translator warns of; the rules say where. */
export const surprises = {
  integerDivision: {
    title: "integer division",
    example: "count_if(paid) / count(*)",
    what: "a whole number by a whole number is a whole number, cut towards zero: a share is 0",
    instead: "cast one of them to double or decimal",
  },
  decimalDivision: {
    title: "division of decimals",
    example: "DECIMAL '1.0' / 3",
    what: "the quotient keeps the decimals of the operand that has more, and no others: this one is 0.3",
    instead: "cast one of them to double, or to a decimal with more decimals",
  },
  decimalLiteral: {
    title: "a number with decimals",
    example: "price * 1.2",
    what: "Trino reads 1.2 as a decimal, which is how it is computed here; Athena was seen to read it as a double",
    instead: "write DECIMAL '1.2' or 1.2E0",
  },
  decimalMean: {
    title: "mean of decimals",
    example: "avg(CAST(price AS decimal(18,2)))",
    what: "avg keeps the decimals of its argument",
    instead: "cast it to double, or to a decimal with more decimals",
  },
  nullComparison: {
    title: "comparison with NULL",
    example: "email = NULL",
    what: "it is neither true nor false: WHERE keeps no row, CASE takes no branch",
    instead: "write IS NULL, or IS NOT DISTINCT FROM",
  },
  notInNull: {
    title: "NOT IN where a NULL may be",
    example: "id NOT IN (SELECT customer_id FROM orders)",
    what: "one NULL among the values and no row is kept",
    instead: "write NOT EXISTS, or leave NULLs out with WHERE ... IS NOT NULL",
  },
  lastDay: {
    title: "a timestamp up to a date",
    example: "placed_at BETWEEN DATE '2011-12-01' AND DATE '2011-12-31'",
    what: "a date is its midnight: the last day is left out but for its first instant",
    instead: "write < and the day after",
  },
  milliseconds: {
    title: "timestamp means timestamp(3)",
    example: "CAST('2011-12-09 12:50:00.123456' AS timestamp)",
    what: "what is finer than milliseconds is rounded",
    instead: "write timestamp(6)",
  },
  orderInside: {
    title: "ORDER BY in a sub-query",
    example: "SELECT * FROM (SELECT * FROM orders ORDER BY placed_at)",
    what: "without a LIMIT the order of a sub-query means nothing to the query around it",
    instead: "order the outer query",
  },
} as const satisfies Readonly<Record<string, Surprise>>;

/** Warns once of a surprise in the statement's own text; whoever asks a view did not write it. */
export function warn(name: keyof typeof surprises, node: Node, env: Env): void {
  const { source, views, warnings } = env.session;
  if (views.length > 0) return;
  const { title, what, instead } = surprises[name];
  const at = source.position(node.members);
  const warning = `${at === undefined ? "" : `line ${at.line}:${at.column}: `}${title}: ${what}; ${instead}`;
  if (!warnings.includes(warning)) warnings.push(warning);
}
