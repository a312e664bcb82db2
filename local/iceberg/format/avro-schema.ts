import type { ByteReader, ByteWriter } from "./avro-bytes.ts";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import { asInteger, asList, asObject, asText, type JsonObject } from "./json-checks.ts";

/**
 * Iceberg spec, appendix A "Avro": a file's schema made into functions that read and write its records. A record's
 * members are known by their `field-id`, because writers differ in the names. Maps with int keys, which Avro has not, are
 * read as maps, and only when somebody asks for them: they are most of a manifest, and pruning by partition needs none.
 * (avsc knows neither, refuses longs of 64 bits, and takes twice as long.)
 */

/** `count` is a long that a number holds exactly; `?` allows null and that the file does not have the field. */
export type MemberType =
  `${"int" | "long" | "count" | "boolean" | "string" | "bytes" | "record" | "array" | "map"}${"" | "?"}`;

/** What the fields of a record are called in memory and must be, by field id. Other fields are `f<id>`. */
export type Members = ReadonlyMap<number, { readonly name: string; readonly type: MemberType }>;

export function membersOf(rows: readonly (readonly [id: number, name: string, type: MemberType])[]): Members {
  return new Map(rows.map(([id, name, type]) => [id, { name, type }]));
}

export interface Codec {
  read(from: ByteReader): unknown;
  /** Leaves out a value. */
  skip(from: ByteReader): void;
  write(to: ByteWriter, value: unknown): void;
}

/**
 * @param text the schema as it stands in the file.
 * @throws InvalidIceberg when it is no Avro schema or lacks a member; UnsupportedIceberg for enums and text-keyed maps,
 * which Iceberg's own files do not have.
 */
export function codecOf(text: string, members: Members): Codec {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (cause) {
    throw new InvalidIceberg("Avro file: its schema is not JSON", { cause });
  }
  const found = new Set<number>();
  const codec = compile(schema, { members, found, types: new Map(Object.entries(primitives)) });
  for (const [id, { name, type }] of members) {
    if (!type.endsWith("?") && !found.has(id)) fail(`Avro file: its records have no field ${id} (${name})`);
  }
  return codec;
}

/** A map with int keys, read at the first call. */
export type Later<T> = () => ReadonlyMap<number, T>;

interface Scope {
  readonly members: Members;
  /** Ids of the fields that the file has. */
  readonly found: Set<number>;
  /** Named types are written out once and then referred to. */
  readonly types: Map<string, Codec>;
}

function compile(schema: unknown, scope: Scope): Codec {
  if (typeof schema === "string") return scope.types.get(schema) ?? fail(`Avro file: there is no type ${schema}`);
  if (Array.isArray(schema)) {
    const branches = schema.map((branch) => compile(branch, scope));
    return union(branches, schema.indexOf("null"));
  }
  const object = asObject(schema, "Avro schema");
  switch (object["type"]) {
    case "record":
      return named(object, scope, record(object, scope));
    case "fixed":
      return named(object, scope, fixed(asInteger(object["size"], "size of an Avro fixed")));
    case "array":
      return object["logicalType"] === "map" ? intMap(object["items"], scope) : array(compile(object["items"], scope));
    case "enum":
    case "map":
      throw new UnsupportedIceberg(`Avro type ${object["type"]} is not supported`);
    default:
      return compile(object["type"], scope);
  }
}

function named(schema: JsonObject, scope: Scope, codec: Codec): Codec {
  const name = asText(schema["name"], "name of an Avro type");
  scope.types.set(name, codec);
  if (typeof schema["namespace"] === "string") scope.types.set(`${schema["namespace"]}.${name}`, codec);
  return codec;
}

const primitives: Readonly<Record<string, Codec>> = {
  null: plain(
    () => null,
    () => {},
  ),
  boolean: plain(
    (from) => from.byte() === 1,
    (to, value) => to.byte(typeof value === "boolean" ? Number(value) : refuse("boolean", value)),
  ),
  int: plain((from) => from.long(), writeInteger),
  long: plain((from) => from.long(), writeInteger),
  float: plain(
    (from) => from.float(),
    (to, value) => to.float(typeof value === "number" ? value : refuse("float", value)),
  ),
  double: plain(
    (from) => from.double(),
    (to, value) => to.double(typeof value === "number" ? value : refuse("double", value)),
  ),
  bytes: {
    read: (from) => from.bytes(),
    skip: (from) => from.skip(from.long()),
    write: (to, value) => to.bytes(value instanceof Uint8Array ? value : refuse("bytes", value)),
  },
  string: {
    read: (from) => from.text(),
    skip: (from) => from.skip(from.long()),
    write: (to, value) => to.text(typeof value === "string" ? value : refuse("string", value)),
  },
};

/** Of a type that is left out as fast as it is read. */
function plain(read: Codec["read"], write: Codec["write"]): Codec {
  return { read, skip: read, write };
}

function writeInteger(to: ByteWriter, value: unknown): void {
  const whole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  to.long(whole ? value : refuse("int or long", value));
}

/** Refuses longs that a number does not hold exactly. */
function counted(codec: Codec): Codec {
  return {
    ...codec,
    read: (from) => {
      const value = codec.read(from);
      return typeof value === "bigint" ? fail(`Avro file: ${value} is more than can be counted`) : value;
    },
  };
}

function refuse(type: string, value: unknown): never {
  throw new InvalidIceberg(`Avro file: a ${value === null ? "null" : typeof value} cannot be written as ${type}`);
}

function fixed(size: number): Codec {
  return plain(
    (from) => from.take(size),
    (to, value) =>
      to.raw(value instanceof Uint8Array && value.length === size ? value : refuse(`fixed of ${size} bytes`, value)),
  );
}

/** Written are only optional types: of two branches, one of them null. */
function union(branches: readonly Codec[], nullAt: number): Codec {
  const otherAt = nullAt === 0 ? 1 : 0;
  const other = branches.length === 2 && nullAt >= 0 ? branches[otherAt] : undefined;
  const branch = (from: ByteReader): Codec => {
    const at = Number(from.long());
    return branches[at] ?? fail(`Avro file: a union has no branch ${at}`);
  };
  return {
    read: (from) => branch(from).read(from),
    skip: (from) => branch(from).skip(from),
    write: (to, value) => {
      if (other === undefined) {
        throw new UnsupportedIceberg("Avro unions other than of null and one type are not written");
      }
      to.long(value === null ? nullAt : otherAt);
      if (value !== null) other.write(to, value);
    },
  };
}

function fail(message: string): never {
  throw new InvalidIceberg(message);
}

function array(items: Codec): Codec {
  return plain(
    (from) => {
      const list: unknown[] = [];
      from.blocks(() => list.push(items.read(from)));
      return list;
    },
    (to, value) => {
      const list: readonly unknown[] = Array.isArray(value) ? value : refuse("array", value);
      if (list.length > 0) to.long(list.length);
      for (const item of list) items.write(to, item);
      to.long(0);
    },
  );
}

/** Appendix A: an array of records of a key and a value. */
function intMap(schema: unknown, scope: Scope): Codec {
  const [key, value] = fieldsOf(asObject(schema, "items of an Avro map"), scope).map((field) => field.codec);
  if (key === undefined || value === undefined) throw new InvalidIceberg("Avro file: a map has no key or no value");
  const skip = (from: ByteReader): void => {
    from.blocks(() => {
      key.skip(from);
      value.skip(from);
    });
  };
  const readNow = (from: ByteReader): Map<unknown, unknown> => {
    const map = new Map<unknown, unknown>();
    from.blocks(() => map.set(key.read(from), value.read(from)));
    return map;
  };
  return {
    skip,
    read: (from) => {
      const start = from.position;
      skip(from);
      let map: Map<unknown, unknown> | undefined;
      return () => {
        map ??= readNow(from.from(start));
        return map;
      };
    },
    write: (to, given) => {
      const map: ReadonlyMap<unknown, unknown> = given instanceof Map ? given : refuse("map", given);
      if (map.size > 0) to.long(map.size);
      map.forEach((held, member) => {
        key.write(to, member);
        value.write(to, held);
      });
      to.long(0);
    },
  };
}

interface Field {
  readonly name: string;
  readonly codec: Codec;
}

function fieldsOf(schema: JsonObject, scope: Scope): readonly Field[] {
  return asList(schema["fields"], "fields of an Avro record", (json) => {
    const field = asObject(json, "Avro field");
    const codec = compile(field["type"], scope);
    const id = field["field-id"];
    if (typeof id !== "number") return { name: asText(field["name"], "name of an Avro field"), codec };
    scope.found.add(id);
    const member = scope.members.get(id);
    if (member === undefined) return { name: `f${id}`, codec };
    if (!isOf(field["type"], member.type)) {
      fail(`Avro file: field ${id} (${member.name}) is not of type ${member.type}`);
    }
    return { name: member.name, codec: member.type.startsWith("count") ? counted(codec) : codec };
  });
}

function isOf(schema: unknown, type: MemberType): boolean {
  if (type.endsWith("?")) {
    const branches = Array.isArray(schema) ? schema.filter((branch) => branch !== "null") : [schema];
    return branches.length === 1 && branches[0] !== "null" && isKind(branches[0], type.slice(0, -1));
  }
  return isKind(schema, type);
}

function isKind(schema: unknown, kind: string): boolean {
  if (typeof schema === "string") {
    return (
      schema === kind || (kind === "count" && schema === "long") || (schema === "int" && /^(long|count)$/.test(kind))
    );
  }
  if (Array.isArray(schema)) return false;
  const object = asObject(schema, "Avro schema");
  if (object["type"] !== "array") return object["type"] === kind || isKind(object["type"], kind);
  return kind === (object["logicalType"] === "map" ? "map" : "array");
}

function record(schema: JsonObject, scope: Scope): Codec {
  const fields = fieldsOf(schema, scope);
  // A copy has room for every member at once; one that grows is moved again and again.
  const blank = Object.fromEntries(fields.map(({ name }) => [name, null]));
  return plain(
    (from) => {
      const members: Record<string, unknown> = { ...blank };
      for (const { name, codec } of fields) members[name] = codec.read(from);
      return members;
    },
    (to, value) => {
      const members = asObject(value, "record for an Avro file");
      for (const { name, codec } of fields) codec.write(to, members[name] ?? null);
    },
  );
}
