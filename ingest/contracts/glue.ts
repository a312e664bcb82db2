import { type TObject, Type } from "typebox";
import { isRecord } from "./json-schema.ts";

/** A column as Glue, Firehose's Parquet conversion and Athena see it. */
export interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/**
 * Hive columns of an object schema, names in lower case because Hive folds them and Parquet does not.
 * `x-glue` on a member overrides what its JSON type would give (`timestamp`, `date`, `decimal(18,3)`).
 * @throws Error naming the member whose type Hive has no counterpart for, or two names that differ in case only
 */
export function glueColumns(schema: TObject): GlueColumn[] {
  const columns = Object.entries(schema.properties).map(([name, member]) => ({
    name: name.toLowerCase(),
    type: hiveType(member, name),
    comment: isRecord(member) && typeof member["description"] === "string" ? member["description"] : "",
  }));
  const twice = columns.find(({ name }, index) => columns.findIndex((column) => column.name === name) !== index);
  if (twice !== undefined) throw new Error(`two columns would be named ${twice.name}: Hive ignores case`);
  return columns;
}

function hiveType(schema: unknown, path: string): string {
  if (!isRecord(schema)) throw new Error(`${path} has no schema`);
  const explicit = schema["x-glue"];
  if (typeof explicit === "string") return explicit;
  switch (schema["type"]) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "integer":
      return "bigint";
    case "number":
      return "double";
    case "array":
      return `array<${hiveType(schema["items"], `${path}[]`)}>`;
    case "object": {
      const members = isRecord(schema["properties"]) ? Object.entries(schema["properties"]) : [];
      if (members.length === 0) throw new Error(`${path} is an object without members: give it an x-glue type`);
      return `struct<${members.map(([name, member]) => `${name.toLowerCase()}:${hiveType(member, `${path}.${name}`)}`).join(",")}>`;
    }
    default:
      if (Array.isArray(schema["enum"])) return "string";
      throw new Error(`${path} has a type that Hive has no counterpart for`);
  }
}

const column = (description: string) => Type.String({ description });
const timestampColumn = (description: string) => Type.String({ description, "x-glue": "timestamp" });

/** A row of `raw_events`: the envelope spread over columns, `data` as JSON text. */
export const rawEvent = Type.Object({
  event_id: column("CloudEvents id; the same for every delivery of the event."),
  type: column("Name of the event, as published."),
  source: column("Who published it."),
  subject: column("What it is about: the aggregate's id."),
  time: timestampColumn("When it happened, UTC."),
  dataschema: column("URI of the published schema of data."),
  correlationid: column("The same for everything that one request set off."),
  causationid: Type.Optional(column("Event that caused this one.")),
  traceparent: Type.Optional(column("W3C trace context.")),
  data: column("The event itself, as JSON text."),
  ingested_at: timestampColumn("When it reached the stream, UTC."),
});

/** A row of `failed_events`: a refused record, whole, with the reason. */
export const failedEvent = Type.Object({
  failed_id: column("First 32 hex digits of the SHA-256 of the record: the same for every delivery."),
  reason: column("malformed-json, not-a-cloudevent, unknown-type, contract or oversized."),
  detail: column("Places and rules that were broken; never values."),
  raw: column("The record as it came, base64."),
  record_id: column("Firehose's id of the record."),
  arrived_at: timestampColumn("When it reached the stream, UTC."),
  refused_at: timestampColumn("When the transform refused it, UTC."),
});

/** Columns of the Hive table `raw_events`; Firehose writes Parquet by them. */
export const rawEventColumns: readonly GlueColumn[] = glueColumns(rawEvent);
export const rawPartitionKeys: readonly GlueColumn[] = [
  { name: "event_date", type: "string", comment: "UTC day of time, YYYY-MM-DD." },
  { name: "event_type", type: "string", comment: "Name of the event without spaces." },
];

/** Columns of the Hive table `failed_events`. */
export const failedEventColumns: readonly GlueColumn[] = glueColumns(failedEvent);
export const failedPartitionKeys: readonly GlueColumn[] = [
  { name: "refused_date", type: "string", comment: "UTC day of refused_at, YYYY-MM-DD." },
];
