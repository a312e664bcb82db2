/** Iceberg spec appendix C: the parts of table metadata (schema, partition spec, sort order, snapshot, ref) out of JSON. */
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import {
  asInteger,
  asList,
  asLong,
  asObject,
  asText,
  asTextMap,
  type JsonObject,
  optionalMember,
  withoutNulls,
} from "./json-checks.ts";
import type {
  Operation,
  PartitionField,
  PartitionSpec,
  Schema,
  Snapshot,
  SnapshotRef,
  SortField,
  SortOrder,
} from "./model.ts";
import { parseTransform } from "./transform.ts";
import { checkFields } from "./types.ts";

/** @param json a schema; without a schema id, as in old manifests, it is schema 0. */
export function checkSchema(json: unknown, what = "schema"): Schema {
  const object = withoutNulls(asObject(json, what));
  return {
    ...object,
    type: "struct",
    "schema-id": object["schema-id"] === undefined ? 0 : asInteger(object["schema-id"], `${what}.schema-id`),
    ...optionalMember(object, "identifier-field-ids", (ids, key) => asList(ids, key, asInteger)),
    fields: checkFields(object["fields"], what),
  };
}

export function checkSpec(json: unknown, what: string): PartitionSpec {
  const object = asObject(json, what);
  return {
    ...object,
    "spec-id": asInteger(object["spec-id"], `${what}.spec-id`),
    fields: asList(object["fields"], `${what}.fields`, checkPartitionField),
  };
}

function checkPartitionField(json: unknown, what: string): PartitionField {
  const object = asObject(json, what);
  refuseSeveralSources(object, what);
  return {
    name: asText(object["name"], `${what}.name`),
    transform: parseTransform(asText(object["transform"], `${what}.transform`)),
    "source-id": asInteger(object["source-id"], `${what}.source-id`),
    "field-id": asInteger(object["field-id"], `${what}.field-id`),
  };
}

export function checkSortOrder(json: unknown, what: string): SortOrder {
  const object = asObject(json, what);
  return {
    ...object,
    "order-id": asInteger(object["order-id"], `${what}.order-id`),
    fields: asList(object["fields"], `${what}.fields`, checkSortField),
  };
}

function checkSortField(json: unknown, what: string): SortField {
  const object = asObject(json, what);
  refuseSeveralSources(object, what);
  const direction = asText(object["direction"], `${what}.direction`);
  const nullOrder = asText(object["null-order"], `${what}.null-order`);
  if (direction !== "asc" && direction !== "desc") {
    throw new InvalidIceberg(`Iceberg metadata: ${what}.direction is ${direction}`);
  }
  if (nullOrder !== "nulls-first" && nullOrder !== "nulls-last") {
    throw new InvalidIceberg(`Iceberg metadata: ${what}.null-order is ${nullOrder}`);
  }
  return {
    transform: parseTransform(asText(object["transform"], `${what}.transform`)),
    "source-id": asInteger(object["source-id"], `${what}.source-id`),
    direction,
    "null-order": nullOrder,
  };
}

function refuseSeveralSources(object: JsonObject, what: string): void {
  if ("source-ids" in object) {
    throw new UnsupportedIceberg(
      `Iceberg metadata: ${what}.source-ids (transforms of several columns) needs format v3`,
    );
  }
}

export function checkSnapshot(json: unknown, what: string): Snapshot {
  const object = withoutNulls(asObject(json, what));
  const id = asLong(object["snapshot-id"], `${what}.snapshot-id`);
  if (object["manifests"] !== undefined) {
    throw new UnsupportedIceberg(`Iceberg snapshot ${id} lists its manifests as format v1 does`);
  }
  return {
    ...object,
    "snapshot-id": id,
    ...optionalMember(object, "parent-snapshot-id", asLong),
    "sequence-number":
      object["sequence-number"] === undefined ? 0 : asInteger(object["sequence-number"], `${what}.sequence-number`),
    "timestamp-ms": asInteger(object["timestamp-ms"], `${what}.timestamp-ms`),
    "manifest-list": asText(object["manifest-list"], `${what}.manifest-list`),
    summary: checkSummary(object["summary"], `${what}.summary`),
    ...optionalMember(object, "schema-id", asInteger),
  };
}

function checkSummary(json: unknown, what: string): Snapshot["summary"] {
  const summary = asTextMap(json, what);
  const operation = summary["operation"];
  if (!isOperation(operation)) throw new InvalidIceberg(`Iceberg metadata: ${what}.operation is ${operation}`);
  return { ...summary, operation };
}

function isOperation(text: string | undefined): text is Operation {
  return text === "append" || text === "replace" || text === "overwrite" || text === "delete";
}

export function checkRef(json: unknown, what: string): SnapshotRef {
  const object = withoutNulls(asObject(json, what));
  const type = object["type"];
  if (type !== "branch" && type !== "tag") throw new InvalidIceberg(`Iceberg metadata: ${what}.type is ${type}`);
  return {
    ...object,
    "snapshot-id": asLong(object["snapshot-id"], `${what}.snapshot-id`),
    type,
    ...optionalMember(object, "min-snapshots-to-keep", asInteger),
    ...optionalMember(object, "max-snapshot-age-ms", asInteger),
    ...optionalMember(object, "max-ref-age-ms", asInteger),
  };
}
