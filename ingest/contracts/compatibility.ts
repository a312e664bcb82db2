import { isRecord, type JsonSchema } from "./json-schema.ts";

/** Keywords that say nothing about which values are valid. */
const ANNOTATIONS = new Set(["$schema", "$id", "title", "description", "x-pii", "x-time", "x-glue"]);
const LOWER_BOUNDS = ["minimum", "minLength", "minItems"];
const UPPER_BOUNDS = ["maximum", "maxLength", "maxItems"];
/** Every keyword this comparison understands; a schema with another one is refused rather than half compared. */
const UNDERSTOOD = new Set([
  ...ANNOTATIONS,
  ...LOWER_BOUNDS,
  ...UPPER_BOUNDS,
  "type",
  "properties",
  "required",
  "items",
  "additionalProperties",
  "enum",
  "const",
  "pattern",
]);

/**
 * What a change of a published schema would break, one sentence each; empty when every event that was valid stays
 * valid and every member that readers rely on stays promised. Allowed are new optional members, wider bounds, more
 * words in an enum, other descriptions.
 * @param before the schema as published
 * @param after the schema as it would be published under the same version
 */
export function compatibility(before: JsonSchema, after: JsonSchema): string[] {
  return compare(before, after, "");
}

function compare(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const at = path === "" ? "/" : path;
  const unknown = Object.keys(after).filter((keyword) => !UNDERSTOOD.has(keyword));
  if (unknown.length > 0) return [`${at}: keyword ${unknown.join(", ")} cannot be compared`];
  return [
    ...compareType(before, after, at),
    ...compareWords(before, after, at),
    ...compareBounds(before, after, at),
    ...compareMembers(before, after, path),
    ...compareItems(before, after, path),
  ];
}

function compareType(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const problems: string[] = [];
  if (before["type"] !== after["type"]) {
    problems.push(`${at}: type changed from ${before["type"] ?? "any"} to ${after["type"] ?? "any"}`);
  }
  // Whether one pattern accepts all that another accepts cannot be told; only dropping one is surely wider.
  if (after["pattern"] !== undefined && after["pattern"] !== before["pattern"]) problems.push(`${at}: pattern changed`);
  return problems;
}

function words(schema: JsonSchema): readonly unknown[] | undefined {
  if (Array.isArray(schema["enum"])) return schema["enum"];
  return schema["const"] === undefined ? undefined : [schema["const"]];
}

function compareWords(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const allowed = words(after);
  if (allowed === undefined) return [];
  const old = words(before);
  if (old === undefined) return [`${at}: any value was allowed, now only a list`];
  return old
    .filter((word) => !allowed.includes(word))
    .map((word) => `${at}: value ${String(word)} is no longer allowed`);
}

function compareBounds(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const bound = (schema: JsonSchema, keyword: string, none: number) => {
    const value = schema[keyword];
    return typeof value === "number" ? value : none;
  };
  const raised = LOWER_BOUNDS.filter((key) => bound(after, key, -Infinity) > bound(before, key, -Infinity));
  const lowered = UPPER_BOUNDS.filter((key) => bound(after, key, Infinity) < bound(before, key, Infinity));
  return [...raised, ...lowered].map((key) => `${at}: ${key} is narrower than ${before[key] ?? "before (none)"}`);
}

function compareMembers(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const old = isRecord(before["properties"]) ? before["properties"] : {};
  const now = isRecord(after["properties"]) ? after["properties"] : {};
  const wasRequired = names(before["required"]);
  const isRequired = names(after["required"]);
  const problems: string[] = [];
  for (const [name, schema] of Object.entries(old)) {
    const next = now[name];
    if (!isRecord(schema)) continue;
    if (isRecord(next)) problems.push(...compare(schema, next, `${path}/${name}`));
    else problems.push(`${path}/${name}: removed`);
  }
  for (const name of isRequired) {
    if (!wasRequired.includes(name)) problems.push(`${path}/${name}: is newly required`);
  }
  for (const name of wasRequired) {
    if (!isRequired.includes(name) && name in now) problems.push(`${path}/${name}: is no longer promised`);
  }
  if (before["additionalProperties"] !== false && after["additionalProperties"] === false) {
    problems.push(`${path === "" ? "/" : path}: further members are no longer allowed`);
  }
  return problems;
}

function compareItems(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const old = before["items"];
  const now = after["items"];
  if (!isRecord(now)) return [];
  return isRecord(old) ? compare(old, now, `${path}/*`) : [`${path}/*: any item was allowed`];
}

const names = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
