/** Iceberg spec "Schemas": field ids of new columns, and looking schemas and fields up. */
import { InvalidChange, InvalidIceberg } from "./errors.ts";
import type { IcebergType, NestedField, Schema, StructType, TableMetadata } from "./model.ts";
import { isPrimitive } from "./types.ts";

/** A column to be made. Ids inside its type may be anything: they are given anew. */
export interface NewColumn {
  readonly name: string;
  readonly type: IcebergType;
  /** Default: false. */
  readonly required?: boolean;
  readonly doc?: string;
}

/**
 * Gives field ids as Java Iceberg does: first to every column of a level, then to what is nested in each.
 * @param last last id in use, 0 in a new table.
 */
export function assignIds(
  columns: readonly NewColumn[],
  last: number,
): { readonly fields: readonly NestedField[]; readonly last: number } {
  let used = last;
  const next = (): number => {
    used += 1;
    return used;
  };
  const level = (members: readonly NewColumn[]): readonly NestedField[] => {
    const numbered = members.map((member) => ({ member, id: next() }));
    return numbered.map(({ member, id }) => ({
      id,
      name: member.name,
      required: member.required ?? false,
      type: nested(member.type),
      ...(member.doc === undefined ? {} : { doc: member.doc }),
    }));
  };
  const nested = (type: IcebergType): IcebergType => {
    if (isPrimitive(type)) return type;
    if (type.type === "struct") return { type: "struct", fields: level(type.fields) };
    if (type.type === "list") {
      const elementId = next();
      const required = type["element-required"];
      return { type: "list", "element-id": elementId, element: nested(type.element), "element-required": required };
    }
    const [keyId, valueId] = [next(), next()];
    return {
      type: "map",
      "key-id": keyId,
      key: nested(type.key),
      "value-id": valueId,
      value: nested(type.value),
      "value-required": type["value-required"],
    };
  };
  return { fields: level(columns), last: used };
}

/** @throws InvalidIceberg when the metadata has no such schema. */
export function schemaOf(meta: TableMetadata, schemaId: number): Schema {
  const schema = meta.schemas.find((candidate) => candidate["schema-id"] === schemaId);
  if (!schema) throw new InvalidIceberg(`Iceberg metadata: there is no schema ${schemaId}`);
  return schema;
}

/** The schema that new files are written with. */
export function currentSchema(meta: TableMetadata): Schema {
  return schemaOf(meta, meta["current-schema-id"]);
}

/** A field by id, at the top or inside structs (not inside lists and maps: nothing refers to those). */
export function fieldById(schema: StructType, id: number): NestedField | undefined {
  for (const field of schema.fields) {
    if (field.id === id) return field;
    const inner = !isPrimitive(field.type) && field.type.type === "struct" ? fieldById(field.type, id) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

/** A top-level column by name; where no name is exactly it, case is ignored, as Athena does. */
export function columnNamed(schema: StructType, name: string): NestedField | undefined {
  const exact = schema.fields.find((field) => field.name === name);
  return exact ?? schema.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
}

/** Names under which DuckDB, or a scan of this room, gives what is no column: a column so named would be hidden. */
const hiddenNames = new Set(["filename", "file_row_number", "file_index", "__file", "__pos", "__op"]);

/**
 * Checks the names of new top-level columns.
 * @throws InvalidChange for names that are empty, reserved or taken (DuckDB and Athena ignore case).
 */
export function refuseNames(names: readonly string[], taken: readonly string[]): void {
  const seen = new Set(taken.map((name) => name.toLowerCase()));
  for (const name of names) {
    const folded = name.toLowerCase();
    if (name === "") throw new InvalidChange("A column name is empty");
    if (hiddenNames.has(folded)) throw new InvalidChange(`Column name ${name} is reserved by the local engine`);
    if (seen.has(folded)) throw new InvalidChange(`Column '${name}' already exists`);
    seen.add(folded);
  }
}

/** Checks that no struct inside a type has one name twice. */
export function refuseTwins(type: IcebergType): void {
  if (isPrimitive(type)) return;
  switch (type.type) {
    case "struct":
      refuseMemberTwins(type);
      for (const field of type.fields) refuseTwins(field.type);
      return;
    case "list":
      refuseTwins(type.element);
      return;
    case "map":
      refuseTwins(type.key);
      refuseTwins(type.value);
  }
}

function refuseMemberTwins(type: StructType): void {
  const seen = new Set<string>();
  for (const { name } of type.fields) {
    if (name === "" || seen.has(name.toLowerCase()))
      throw new InvalidChange(`Field name '${name}' is empty or used twice`);
    seen.add(name.toLowerCase());
  }
}
