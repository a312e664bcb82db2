import type { NestedField, TableMetadata } from "../../../iceberg/format/model.ts";
import { currentSchema, fieldById } from "../../../iceberg/format/schema.ts";
import { hiveTypeOf } from "../../glue/iceberg-entry-input.ts";
import { objectIn } from "../../members.ts";
import type { CatalogueTable, TableColumn } from "../../ports.ts";
import { athenaName } from "../sql/statements/iceberg-rules.ts";

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
const pair = ([name, value]: readonly [string, string]): string => `  ${quoted(name)}=${quoted(value)}`;

/** The statement that would make an Iceberg table, in Athena's layout. */
export function icebergStatement({ database, name }: CatalogueTable, metadata: TableMetadata): string[] {
  const schema = currentSchema(metadata);
  const spec = metadata["partition-specs"].find((it) => it["spec-id"] === metadata["default-spec-id"]);
  const fields = (spec?.fields ?? []).filter(({ transform }) => transform !== "void");
  const partitions = fields.map(({ transform, ...field }) => {
    const column = `\`${fieldById(schema, field["source-id"])?.name ?? ""}\``;
    const [, kind = transform, width] = /^(\w+)\[(\d+)\]$/.exec(transform) ?? [];
    if (kind === "identity") return column;
    return width === undefined ? `${kind}(${column})` : `${kind}(${width}, ${column})`;
  });
  const column = ({ name: own, type, doc }: NestedField): string =>
    `  ${own} ${hiveTypeOf(type)}${doc === undefined ? "" : ` COMMENT ${quoted(doc)}`}`;
  const properties = Object.entries(metadata.properties).map(
    ([key, value]) => [athenaName(key) ?? key, value] as const,
  );
  const told = [["table_type", "iceberg"] as const, ...properties.sort(([a], [b]) => (a < b ? -1 : 1))];
  return [
    `CREATE TABLE ${database}.${name} (`,
    ...`${schema.fields.map(column).join(",\n")})`.split("\n"),
    ...(partitions.length === 0 ? [] : [`PARTITIONED BY (${partitions.join(", ")})`]),
    `LOCATION '${metadata.location}'`,
    "TBLPROPERTIES (",
    ...told.map(pair).join(",\n").split("\n"),
    ");",
  ];
}

const hiveColumn = ({ name, type, comment }: TableColumn): string =>
  `  \`${name}\` ${type}${comment === undefined ? "" : ` COMMENT ${quoted(comment)}`}`;

/** A list in brackets, an item a line; Hive leaves a blank after the comma. */
const listed = (items: readonly string[]): string[] => `${items.join(", \n")})`.split("\n");

/** The statement that would make a Hive table, as Hive writes it, its blanks at the ends of lines included. */
export function hiveStatement(table: CatalogueTable): string[] {
  const { database, name, columns, partitionKeys, serde, input, location, parameters } = table;
  const storage = objectIn(input["StorageDescriptor"]) ?? {};
  const serdeProperties = Object.entries(objectIn(objectIn(storage["SerdeInfo"])?.["Parameters"]) ?? {});
  const { EXTERNAL: _external, comment, ...others } = parameters;
  const properties = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
  const formats = [storage["InputFormat"], storage["OutputFormat"]].map(String);
  return [
    `CREATE EXTERNAL TABLE \`${database}.${name}\`(`,
    ...listed(columns.map(hiveColumn)),
    ...(comment === undefined ? [] : [`COMMENT ${quoted(comment)}`]),
    ...(partitionKeys.length === 0 ? [] : ["PARTITIONED BY ( ", ...listed(partitionKeys.map(hiveColumn))]),
    ...(serde === undefined ? [] : ["ROW FORMAT SERDE ", `  ${quoted(serde)} `]),
    ...(serdeProperties.length === 0
      ? []
      : ["WITH SERDEPROPERTIES ( ", ...listed(serdeProperties.map(([key, value]) => pair([key, String(value)])))]),
    ...(storage["InputFormat"] === undefined
      ? []
      : ["STORED AS INPUTFORMAT ", `  ${quoted(formats[0] ?? "")} `, "OUTPUTFORMAT ", `  ${quoted(formats[1] ?? "")}`]),
    "LOCATION",
    `  ${quoted(location.replace(/\/$/, ""))}`,
    ...(properties.length === 0 ? [] : ["TBLPROPERTIES (", ...listed(properties.map(pair))]),
  ];
}
