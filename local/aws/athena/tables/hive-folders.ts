/** The folder of rows whose partition column is NULL. */
export const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

/** Characters that Hive writes as numbers in the names of folders, besides those that are not printed. */
const ESCAPED = new Set("\"#%'*/:=?\\{[]^\u007f");
const escaped = (text: string): string =>
  [...text]
    .map((c) => (c < " " || ESCAPED.has(c) ? `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}` : c))
    .join("");

/** `%3A` is a character; a `%` that two such digits do not follow is itself. */
const unescaped = (text: string): string =>
  text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** `day=2020-01-02/kind=a%3Ab/` */
export const hiveFolder = (keys: readonly string[], values: readonly string[]): string =>
  keys.map((key, i) => `${escaped(key)}=${escaped(values[i] ?? "")}/`).join("");

/** `event_date=2010-12-01/event_type=X/file` -> the values, or undefined when the folders are not the keys. */
export function partitionIn(path: string, names: readonly string[]): string[] | undefined {
  const segments = path.split("/").slice(0, -1);
  const values = names.map((name, i) =>
    segments[i]?.startsWith(`${name}=`) ? unescaped(segments[i].slice(name.length + 1)) : undefined,
  );
  return values.every((value) => value !== undefined) ? values : undefined;
}
