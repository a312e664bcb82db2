import fc from "fast-check";
import type { Static, TSchema } from "typebox";
import type { Contract } from "./contract.ts";
import { envelope } from "./envelope.ts";
import { isRecord, type JsonSchema } from "./json-schema.ts";

/** Values that a TypeBox schema allows, with its optional members present and absent. */
export function arbitraryOf<Schema extends TSchema>(schema: Schema): fc.Arbitrary<Static<Schema>> {
  return arbitrary(schema) as fc.Arbitrary<Static<Schema>>;
}

/** Valid events of one contract. */
export function eventArbitrary(contract: Contract): fc.Arbitrary<Record<string, unknown>> {
  return fc.tuple(arbitraryOf(envelope), arbitraryOf(contract.data)).map(([around, data]) => ({
    ...around,
    type: contract.type,
    dataschema: contract.dataSchema,
    data,
  }));
}

const bound = (schema: JsonSchema, keyword: string, otherwise: number): number => {
  const value = schema[keyword];
  return typeof value === "number" ? value : otherwise;
};

function arbitrary(schema: unknown): fc.Arbitrary<unknown> {
  if (!isRecord(schema)) throw new Error("no schema");
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...schema["enum"]);
  if (schema["const"] !== undefined) return fc.constant(schema["const"]);
  switch (schema["type"]) {
    case "string":
      return typeof schema["pattern"] === "string"
        ? fc.stringMatching(new RegExp(schema["pattern"]))
        : fc.string({
            minLength: bound(schema, "minLength", 0),
            maxLength: Math.min(bound(schema, "maxLength", 40), 40),
            unit: "binary",
          });
    case "integer":
      return fc.integer({ min: bound(schema, "minimum", -(2 ** 31)), max: bound(schema, "maximum", 2 ** 31 - 1) });
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(arbitrary(schema["items"]), { minLength: bound(schema, "minItems", 0), maxLength: 5 });
    case "object":
      return objectArbitrary(schema);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
}

function objectArbitrary(schema: JsonSchema): fc.Arbitrary<unknown> {
  const members = isRecord(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  return fc.record(Object.fromEntries(members.map(([name, member]) => [name, arbitrary(member)])), {
    requiredKeys: required,
    noNullPrototype: true,
  });
}
