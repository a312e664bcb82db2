import type { KnownTable } from "./catalogue.ts";

/** What a word can become. */
export interface Vocabulary {
  readonly keywords: readonly string[];
  readonly functions: readonly string[];
  readonly commands: readonly string[];
  /** The tables' own, which may stand before their names. */
  readonly database: string;
  readonly tables: readonly KnownTable[];
}

/** Words after which a table is named. */
const BEFORE_TABLE =
  /\b(from|join|into|update|table|describe|desc|vacuum|optimize|columns\s+in|using)\s+(?:"?[\w$]+"?\.)?["\w$]*$/i;
/** Tables that a statement names, with their aliases. */
const NAMED =
  /\b(?:from|join|into|update|using)\s+(?:"?[\w$]+"?\.)?"?([\w$]+)"?(?:\s+(?:as\s+)?(?!on\b|where\b|join\b|set\b)([a-z_]\w*))?/gi;

/**
 * What the word before the cursor can become, and that word, as readline asks for it.
 * @param before the statement's earlier lines.
 */
export function complete(line: string, before: string, words: Vocabulary): [string[], string] {
  const text = `${before}${line}`;
  if (before === "" && /^\s*\\/.test(line)) return command(line, words);
  const [, owner, partial = ""] = /(?:"?([\w$]+)"?\.)?([\w$]*)$/.exec(line) ?? [];
  const named = tablesIn(text, words.tables);
  const tables = words.tables.map(({ name }) => name);
  if (owner?.toLowerCase() === words.database && BEFORE_TABLE.test(text)) return [starting(partial, tables), partial];
  if (owner !== undefined) {
    const table = named.get(owner.toLowerCase());
    return [starting(partial, columnNames(table === undefined ? [] : [table])), partial];
  }
  if (BEFORE_TABLE.test(text)) return [starting(partial, tables), partial];
  if (partial === "") return [[], partial];
  const upper = partial === partial.toUpperCase();
  const candidates = [
    ...columnNames([...named.values()]),
    ...words.functions.map((name) => `${name}(`),
    ...words.keywords.map((word) => (upper ? word.toUpperCase() : word.toLowerCase())),
    ...tables,
  ];
  return [starting(partial, candidates), partial];
}

function command(line: string, { commands, tables }: Vocabulary): [string[], string] {
  const [, name, partial = ""] = /^\s*(\\\w*)(?:\s+([\w$]*))?$/.exec(line) ?? [];
  if (name === undefined) return [[], ""];
  if (/\s/.test(line.trimStart()))
    return [
      starting(
        partial,
        tables.map((table) => table.name),
      ),
      partial,
    ];
  return [starting(name, commands), name];
}

const columnNames = (tables: readonly KnownTable[]): string[] =>
  tables.flatMap(({ columns }) => columns.map(({ name }) => name));

function tablesIn(text: string, tables: readonly KnownTable[]): Map<string, KnownTable> {
  const named = new Map<string, KnownTable>();
  for (const [, name = "", alias] of text.matchAll(NAMED)) {
    const table = tables.find((known) => known.name === name.toLowerCase());
    if (table !== undefined) named.set((alias ?? name).toLowerCase(), table);
  }
  return named;
}

const starting = (partial: string, candidates: readonly string[]): string[] => [
  ...new Set(candidates.filter((word) => word.toLowerCase().startsWith(partial.toLowerCase()))),
];
