import { ident, quote } from "../ast.ts";
import { display, duckType, isInteger, type RowField, type TrinoType } from "../types.ts";
import { fromText, NUMBER } from "./text-casts.ts";

type Row = TrinoType & { readonly kind: "row" };

/** The one lambda parameter: an inner one hides the outer, which no body needs; equal expressions stay equal text. */
export const V = "trino_v";
/** A value that is used several times, named once. */
const P = "trino_p";
const J = "trino_j";

/** Nested values arrive as JSON, all others as text: numbers and booleans as written, text without quotes. */
const leafType = ({ kind }: TrinoType): string =>
  kind === "array" || kind === "row" || kind === "json" ? "JSON" : "VARCHAR";

/** A member or element. JSON ones are not taken: there `null` is a value in Trino. `json` is the whole that it was read from. */
function leaf(sql: string, to: TrinoType, json: string): string | undefined {
  if (to.kind === "array" || to.kind === "row") return fromJson(sql, to, json);
  if (to.kind === "varchar") return `trino_json_leaf(${sql}, ${json})`;
  return scalar(sql, to);
}

const isScalar = (to: TrinoType): boolean => ["boolean", "double", "decimal"].includes(to.kind) || isInteger(to);

/**
 * Of a member's text it cannot be said whether the JSON has it in quotes: `true` is 1 without and an error with them, 1.5
 * is 2 or an error. What is the same in both cases is taken.
 */
function scalar(sql: string, to: TrinoType): string | undefined {
  if (!isScalar(to)) return undefined;
  const words = to.kind === "boolean" ? [] : ["true", "false"];
  const numbers = to.kind === "boolean" || isInteger(to) ? [NUMBER] : [];
  return fromText(sql, to, false, [...words, ...numbers].join("|"));
}

/** A JSON value as a number or a boolean: a text by its form, `true` as 1, a fraction rounded half up, 0 as false. */
function typed(json: string, to: TrinoType): string | undefined {
  if (!isScalar(to)) return undefined;
  const type = duckType(to);
  const [text, any] = [`json_extract_string(${J}, '$')`, `trino_json_text(${J})`];
  const word = `CAST(${text} AS BOOLEAN)`;
  const number = (digits: string): string => {
    if (to.kind === "boolean") return `CAST(${digits} AS ${digits === any ? "BIGINT" : "DOUBLE"}) <> 0`;
    return `CAST(${to.kind === "decimal" ? `trino_plain(${digits})` : digits} AS ${type})`;
  };
  const fraction = isInteger(to) ? `CAST(round(CAST(${text} AS DOUBLE)) AS ${type})` : number(text);
  const cases = [
    `WHEN 'VARCHAR' THEN ${fromText(text, to, false)}`,
    `WHEN 'BOOLEAN' THEN ${to.kind === "boolean" ? word : `CAST(CASE WHEN ${word} THEN 1 ELSE 0 END AS ${type})`}`,
    `WHEN 'DOUBLE' THEN ${fraction}`,
  ];
  return `list_transform([${json}], lambda ${J}: CASE json_type(${J}) ${cases.join(" ")} ELSE ${number(any)} END)[1]`;
}

const member = (struct: string, name: string): string => `struct_extract(${struct}, ${quote(name)})`;

/** A field's name in JSON. */
const inJson = ({ name, written }: RowField): string => written ?? name;

function pack(struct: string, to: Row, json: string): string | undefined {
  const fields: string[] = [];
  for (const field of to.fields) {
    const value = leaf(member(struct, inJson(field)), field.type, json);
    if (value === undefined) return undefined;
    fields.push(`${ident(field.name)} := ${value}`);
  }
  return `CASE WHEN ${struct} IS NULL THEN NULL ELSE struct_pack(${fields.join(", ")}) END`;
}

const shape = (to: Row): string =>
  JSON.stringify(Object.fromEntries(to.fields.map((field) => [inJson(field), leafType(field.type)])));

/**
 * Trino finds members without regard to case, DuckDB only as written: a member that is nowhere found although the JSON
 * has it in another case is refused, not NULL.
 */
function checked(json: string, to: Row, absent: (name: string) => string): string {
  const wrong = to.fields.map(inJson).map((name) => `(${absent(name)} AND trino_other_case(${json}, ${quote(name)}))`);
  const message =
    "NOT_IMPLEMENTED_LOCALLY: a ROW whose field has another case than the JSON member; write it as in the JSON";
  return `CASE WHEN ${P} IS NULL THEN NULL WHEN ${wrong.join(" OR ")} THEN error(${quote(message)}) ELSE ${P} END`;
}

/**
 * `CAST(json AS type)`, or undefined where Trino has no such cast or we do not.
 * @param whole the JSON that `sql` is a part of; no lambda's parameter, which an inner one would hide
 */
export function fromJson(sql: string, to: TrinoType, whole = sql): string | undefined {
  if (to.kind === "array") {
    const json = `trino_json_shape(${sql}, '[', ${quote(display(to))})`;
    const { element } = to;
    // Here `null` is a value.
    if (element.kind === "json") return `CASE WHEN ${json} IS NOT NULL THEN json_extract(${json}, '$[*]') END`;
    if (element.kind !== "row") {
      const value = leaf(V, element, whole);
      return value && `list_transform(json_transform(${json}, '["${leafType(element)}"]'), lambda ${V}: ${value})`;
    }
    const row = pack(V, element, whole);
    const parts = `json_transform(trino_json_objects(${sql}, ${json}), ${quote(`[${shape(element)}]`)})`;
    const nowhere = (name: string) => `list_count(list_transform(${P}, lambda ${V}: ${member(V, name)})) = 0`;
    const rows = `list_transform([${parts}], lambda ${P}: ${checked(sql, element, nowhere)})[1]`;
    return row && `list_transform(${rows}, lambda ${V}: ${row})`;
  }
  if (to.kind === "map") {
    if (to.key.kind !== "varchar" || to.value.kind === "array" || to.value.kind === "row") return undefined;
    const json = `trino_json_members(${sql}, trino_json_shape(${sql}, '{', ${quote(display(to))}))`;
    const value = leaf(V, to.value, whole);
    const map = `json_transform(${json}, '"MAP(VARCHAR, VARCHAR)"')`;
    return value && `trino_map(map_keys(${map}), list_transform(map_values(${map}), lambda ${V}: ${value}))`;
  }
  if (to.kind === "row") {
    const parts = `json_transform(trino_json_members(${sql}, trino_json_shape(${sql}, '{', ${quote(display(to))})), ${quote(shape(to))})`;
    const row = `list_transform([${parts}], lambda ${P}: ${checked(sql, to, (name) => `${member(P, name)} IS NULL`)})`;
    const packed = pack(V, to, whole);
    return packed && `list_transform(${row}, lambda ${V}: ${packed})[1]`;
  }
  if (to.kind === "varchar") return `trino_json_varchar(${sql})`;
  if (to.kind === "json") return sql;
  return typed(sql, to);
}
