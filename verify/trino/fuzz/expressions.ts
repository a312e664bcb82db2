import { nestedSignatures } from "./nested-signatures.ts";
import { scalarSignatures } from "./scalar-signatures.ts";
import { pools, type Signature } from "./signature.ts";
import type { FuzzColumn } from "./tables.ts";
import { isKind, type Kind, kinds } from "./values.ts";

/** A generated expression: texts with arguments between them. */
export interface Tree {
  readonly kind: Kind;
  /** One more than arguments. */
  readonly texts: readonly string[];
  readonly args: readonly Tree[];
  /** Doubles are compared nearly. */
  readonly near?: true;
}

export const render = ({ texts, args }: Tree): string =>
  texts.map((text, at) => text + (args[at] === undefined ? "" : render(args[at]))).join("");

export const isNear = (tree: Tree): boolean => tree.near === true || tree.args.some(isNear);

export const leaf = (kind: Kind, sql: string): Tree => ({ kind, texts: [sql], args: [] });

/** Literals with exactly the kind's type. */
const literals: Readonly<Record<Kind, readonly string[]>> = {
  boolean: ["true", "false", "CAST(NULL AS boolean)"],
  integer: ["0", "1", "7", "-3", "100", "2147483647", "CAST(NULL AS integer)"],
  bigint: ["BIGINT '5'", "BIGINT '-1'", "9223372036854775807", "CAST(NULL AS bigint)"],
  double: ["1.5E0", "-0.1E0", "0E0", "1E20", "nan()", "infinity()", "CAST(NULL AS double)"],
  decimal: ["1.5", "0.01", "-2.555", "123456789.123456789", "DECIMAL '-0.5'", "CAST(NULL AS decimal(10, 2))"],
  varchar: ["''", "'a'", "'Hello, World'", "'é'", "'🙂'", "' x '", "'12'", "CAST(NULL AS varchar)"],
  date: ["DATE '2011-12-09'", "DATE '2012-02-29'", "DATE '1969-12-31'", "CAST(NULL AS date)"],
  timestamp: ["TIMESTAMP '2011-12-09 12:50:00'", "TIMESTAMP '2010-12-31 23:59:59.999'", "CAST(NULL AS timestamp)"],
  instant: ["TIMESTAMP '2011-12-09 12:50:00.5 UTC'", "CAST(NULL AS timestamp(3) with time zone)"],
  time: ["TIME '12:34:56'", "TIME '23:59:59.999'"],
  varbinary: ["X''", "X'00ff'", "to_utf8('é')"],
  json: [`'{"a":1,"c":[1,2]}'`, "'[1]'", "'null'", "''", "'{bad'"],
  interval: ["INTERVAL '1' DAY", "INTERVAL '-90' SECOND", "INTERVAL '3' HOUR"],
  numbers: ["ARRAY[BIGINT '1', BIGINT '2']", "ARRAY[BIGINT '7', NULL]", "CAST(ARRAY[] AS array(bigint))"],
  texts: ["ARRAY['a', 'b']", "ARRAY['', NULL]", "CAST(ARRAY[] AS array(varchar))"],
  doubles: ["ARRAY[1E0, 2.5E0]", "ARRAY[nan()]"],
  map: ["MAP(ARRAY['a'], ARRAY[BIGINT '1'])", "CAST(MAP() AS map(varchar, bigint))"],
  row: ["CAST(ROW(1, 'a') AS ROW(x bigint, y varchar))"],
};

/** Seeded choices. */
export interface Choice {
  readonly random: () => number;
  /** Columns that may be named. */
  readonly columns: readonly FuzzColumn[];
}

export function pick<T>({ random }: Pick<Choice, "random">, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error("Nothing to choose from");
  return found;
}

const LITERALS = 0.25;

export function leafOf(kind: Kind, choice: Choice): Tree {
  const named = choice.columns.filter((column) => column.kind === kind);
  if (named.length > 0 && choice.random() >= LITERALS) return leaf(kind, pick(choice, named).name);
  return leaf(kind, pick(choice, literals[kind]));
}

const all: readonly Signature[] = [...scalarSignatures, ...nestedSignatures];
const giving = new Map<Kind, readonly Signature[]>(
  kinds.map((kind) => [
    kind,
    all.filter(({ gives, of }) => gives === kind || (gives === "T" && of?.includes(kind) === true)),
  ]),
);

/** Chance that an argument is no leaf. */
const DEEPER = 0.4;

/** An expression of a kind, `depth` forms deep at most. */
export function expressionOf(kind: Kind, depth: number, choice: Choice): Tree {
  const forms = giving.get(kind) ?? [];
  if (depth === 0 || forms.length === 0) return leafOf(kind, choice);
  return formOf(pick(choice, forms), kind, depth, choice);
}

/** A form with generated arguments. */
export function formOf(
  { gives, sql, of, near }: Signature,
  asked: Kind | undefined,
  depth: number,
  choice: Choice,
): Tree {
  const bound = gives === "T" && asked !== undefined ? asked : of === undefined ? undefined : pick(choice, of);
  const parts = sql.split(/\{([^}]*)\}/);
  const texts: string[] = [parts[0] ?? ""];
  const args: Tree[] = [];
  for (let at = 1; at < parts.length; at += 2) {
    const slot = parts[at] ?? "";
    const rest = parts[at + 1] ?? "";
    if (slot.startsWith("#")) {
      texts.push((texts.pop() ?? "") + pick(choice, pools[slot.slice(1)] ?? []) + rest);
      continue;
    }
    const kind = slot === "T" ? bound : pick(choice, slot.split("|"));
    if (kind === undefined || !isKind(kind)) throw new Error(`No kind for {${slot}} in ${sql}`);
    args.push(choice.random() < DEEPER ? expressionOf(kind, depth - 1, choice) : leafOf(kind, choice));
    texts.push(rest);
  }
  const kind = gives === "T" ? bound : gives;
  if (kind === undefined) throw new Error(`No kind for what ${sql} gives`);
  return { kind, texts, args, ...(near && { near }) };
}
