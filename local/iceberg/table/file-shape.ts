import { closeSync, openSync, readSync } from "node:fs";
import type { DataFile, IcebergType } from "../format/model.ts";
import { duckType, isPrimitive } from "../format/types.ts";
import type { Environment } from "./environment.ts";
import { footerLength, NotParquet, type ParquetNode, parseColumns, TAIL_BYTES } from "./parquet-footer.ts";

/** A column, or what is nested in one, as a data file has it. */
export interface StoredField {
  readonly id: number | undefined;
  readonly name: string;
  readonly type: StoredType;
}

export type StoredType =
  /** DuckDB's name of it. */
  | string
  | { readonly kind: "struct"; readonly fields: readonly StoredField[] }
  | { readonly kind: "list"; readonly element: StoredField }
  | { readonly kind: "map"; readonly key: StoredField; readonly value: StoredField };

/** The columns of a data file. Files that were written alike share one object. */
export interface FileShape {
  readonly fields: readonly StoredField[];
  /** The top-level columns that have a field id, by it. */
  readonly byId: ReadonlyMap<number, StoredField>;
}

/** Enough for the footer of most files in one read. */
const TAIL_GUESS = 16 * 1024;

/**
 * The columns that a data file really has. Manifests do not tell: after a rewrite, or when the schema changed while the
 * file was being written, the schema they carry is another one.
 * @throws NotParquet
 */
export function shapeOf(env: Environment, file: DataFile): FileShape {
  return env.cache.shapes.get(file.path, () => {
    const fields = parseColumns(readFooter(env.io.local(file.path), file)).map(stored);
    const text = fields.map(storedText).join();
    return { value: env.cache.distinctShapes.get(text, () => ({ value: newShape(fields), bytes: 1 })), bytes: 1 };
  });
}

function newShape(fields: readonly StoredField[]): FileShape {
  const byId = new Map<number, StoredField>();
  for (const field of fields) if (field.id !== undefined) byId.set(field.id, field);
  return { fields, byId };
}

/** The footer of a data file of this machine. */
export function readFooter(path: string, { path: uri, size }: DataFile): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const guess = Math.min(size, TAIL_GUESS);
    const tail = readAt(descriptor, size - guess, guess);
    const length = footerLength(tail.length < guess ? Buffer.alloc(0) : tail.subarray(-TAIL_BYTES), uri);
    const start = tail.length - TAIL_BYTES - length;
    if (start >= 0) return tail.subarray(start);
    if (length + TAIL_BYTES > size) throw new NotParquet(`${uri} has a Parquet footer longer than the file`);
    return readAt(descriptor, size - TAIL_BYTES - length, length);
  } finally {
    closeSync(descriptor);
  }
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}

function stored(node: ParquetNode): StoredField {
  return { id: node.id, name: node.name, type: storedType(node) };
}

/** Lists are groups of one repeated member, mostly with the element inside of it (parquet-format: LogicalTypes.md). */
function storedType(node: ParquetNode): StoredType {
  if (node.type !== undefined) return node.type;
  const [repeated, more] = node.children;
  const [first, second] = repeated?.children ?? [];
  if (node.annotation === "map" && repeated && first && second) {
    return { kind: "map", key: stored(first), value: stored(second) };
  }
  if (node.annotation === "list" && repeated?.repeated && !more) {
    const wrapped = first !== undefined && second === undefined && repeated.name !== "array";
    return { kind: "list", element: stored(wrapped ? first : repeated) };
  }
  return { kind: "struct", fields: node.children.map(stored) };
}

function storedText({ id, name, type }: StoredField): string {
  return `${id} ${JSON.stringify(name)} ${storedTypeText(type)}`;
}

/** A stored type as text, which is {@link wantedTypeText} where it was written as it is wanted. */
export function storedTypeText(type: StoredType): string {
  if (typeof type === "string") return type;
  switch (type.kind) {
    case "struct":
      return `{${type.fields.map(storedText).join()}}`;
    case "list":
      return `[${type.element.id} ${storedTypeText(type.element.type)}]`;
    case "map":
      return `<${type.key.id} ${storedTypeText(type.key.type)},${type.value.id} ${storedTypeText(type.value.type)}>`;
  }
}

export function wantedTypeText(type: IcebergType): string {
  if (isPrimitive(type)) return duckType(type);
  switch (type.type) {
    case "struct":
      return `{${type.fields.map(({ id, name, type: inner }) => `${id} ${JSON.stringify(name)} ${wantedTypeText(inner)}`).join()}}`;
    case "list":
      return `[${type["element-id"]} ${wantedTypeText(type.element)}]`;
    case "map":
      return `<${type["key-id"]} ${wantedTypeText(type.key)},${type["value-id"]} ${wantedTypeText(type.value)}>`;
  }
}
