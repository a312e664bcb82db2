import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import type { Catalogue, CatalogueTable, TableColumn } from "../ports.ts";
import { AwsError, type Call } from "../service.ts";

export interface GlueDatabase {
  readonly name: string;
  readonly description: string | undefined;
}

export interface GlueTable extends CatalogueTable {
  readonly description: string | undefined;
  readonly tableType: string;
  readonly outputFormat: string | undefined;
  readonly serdeParameters: Readonly<Record<string, string>>;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectIn(value) ?? {}).map(([key, item]) => [key, String(item)]));
}

function columnsOf(value: unknown): TableColumn[] {
  return list(value).flatMap((item): TableColumn[] => {
    const column = objectIn(item);
    const name = text(column?.["name"]);
    if (column === undefined || name === undefined) return [];
    const comment = text(column["comment"]);
    return [
      { name: name.toLowerCase(), type: text(column["type"]) ?? "string", ...(comment !== undefined && { comment }) },
    ];
  });
}

/** Iceberg's name of a primitive type -> Hive's, as Glue shows it. The graph holds it as a JSON document or bare. */
function hiveType(iceberg: unknown): string {
  const type = String(iceberg).replace(/^"(.*)"$/, "$1");
  if (type === "long") return "bigint";
  const decimal = /^decimal\((\d+),\s*(\d+)\)$/.exec(type);
  return decimal ? `decimal(${decimal[1]},${decimal[2]})` : type;
}

function icebergTable(
  database: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): GlueTable | undefined {
  const format = objectIn(objectIn(inputs["openTableFormatInput"])?.["icebergInput"]);
  const input = objectIn(format?.["icebergTableInput"]);
  if (input === undefined) return undefined;
  const fields = list(objectIn(input["schema"])?.["fields"]).map((field) => objectIn(field) ?? {});
  const columns = fields.map((field): TableColumn => {
    const comment = text(field["doc"]);
    return { name: String(field["name"]), type: hiveType(field["type"]), ...(comment !== undefined && { comment }) };
  });
  const nameOf = (id: unknown): string => String(fields.find((field) => field["id"] === id)?.["name"]);
  const partitions = list(objectIn(input["partitionSpec"])?.["fields"]).map((field) => objectIn(field) ?? {});
  return {
    database,
    name,
    kind: "iceberg",
    description: text(inputs["description"]),
    tableType: "EXTERNAL_TABLE",
    columns,
    partitionKeys: [],
    location: withSlash(text(input["location"]) ?? ""),
    parameters: { table_type: "ICEBERG", ...textMap(input["properties"]) },
    icebergPartitions: partitions.map((field) => ({
      column: nameOf(field["sourceId"]),
      transform: String(field["transform"]),
    })),
    outputFormat: undefined,
    serdeParameters: {},
  };
}

const withSlash = (location: string): string => (location.endsWith("/") ? location : `${location}/`);

function readTable({ inputs }: GraphResource): GlueTable {
  const database = String(inputs["databaseName"]);
  const name = String(inputs["name"]).toLowerCase();
  const iceberg = icebergTable(database, name, inputs);
  if (iceberg !== undefined) return iceberg;
  const storage = objectIn(inputs["storageDescriptor"]) ?? {};
  const serde = objectIn(storage["serDeInfo"]) ?? {};
  const parameters = textMap(inputs["parameters"]);
  const library = text(serde["serializationLibrary"]);
  const inputFormat = text(storage["inputFormat"]);
  const tableType = text(inputs["tableType"]) ?? "EXTERNAL_TABLE";
  return {
    database,
    name,
    kind:
      tableType === "VIRTUAL_VIEW"
        ? "view"
        : parameters["table_type"]?.toUpperCase() === "ICEBERG"
          ? "iceberg"
          : "hive",
    description: text(inputs["description"]),
    tableType,
    columns: columnsOf(storage["columns"]),
    partitionKeys: columnsOf(inputs["partitionKeys"]),
    location: withSlash(text(storage["location"]) ?? ""),
    parameters,
    icebergPartitions: [],
    outputFormat: text(storage["outputFormat"]),
    serdeParameters: textMap(serde["parameters"]),
    ...(library !== undefined && { serde: library }),
    ...(inputFormat !== undefined && { inputFormat }),
  };
}

/** Glue's catalogue as the graph declares it. Every look asks IAM on the catalogue, the database and the table. */
export class GraphCatalogue implements Catalogue {
  readonly databases: ReadonlyMap<string, GlueDatabase>;
  readonly #tables: ReadonlyMap<string, GlueTable>;
  readonly #arnPrefix: string;

  constructor(graph: ResourceGraph) {
    this.#arnPrefix = `arn:aws:glue:${graph.region}:${graph.account}`;
    const of = (type: string) => graph.resources.filter((resource) => resource.type === type);
    this.databases = new Map(
      of("aws:glue/catalogDatabase:CatalogDatabase").map(({ inputs, outputs }) => {
        const name = String(outputs["name"] ?? inputs["name"]);
        return [name, { name, description: text(inputs["description"]) }];
      }),
    );
    this.#tables = new Map(
      of("aws:glue/catalogTable:CatalogTable").map((resource) => {
        const table = readTable({
          ...resource,
          inputs: { ...resource.inputs, name: resource.inputs["name"] ?? resource.outputs["name"] },
        });
        return [`${table.database}.${table.name}`, table];
      }),
    );
  }

  /** Asks for `action` on the catalogue, then on the database, then on the table, as Glue does. */
  authorize(call: Call, action: string, database?: string, table?: string): void {
    call.authorize(action, `${this.#arnPrefix}:catalog`);
    if (database === undefined) return;
    call.authorize(action, `${this.#arnPrefix}:database/${database}`);
    if (table !== undefined) call.authorize(action, `${this.#arnPrefix}:table/${database}/${table}`);
  }

  table(database: string, name: string, call: Call): GlueTable {
    this.authorize(call, "glue:GetTable", database, name);
    return this.find(database, name);
  }

  tables(database: string, call: Call): readonly GlueTable[] {
    this.authorize(call, "glue:GetTables", database);
    this.database(database);
    return [...this.#tables.values()].filter((table) => {
      if (table.database !== database) return false;
      call.authorize("glue:GetTables", `${this.#arnPrefix}:table/${database}/${table.name}`);
      return true;
    });
  }

  /** @throws AwsError `EntityNotFoundException` */
  database(name: string): GlueDatabase {
    const database = this.databases.get(name);
    if (database === undefined) throw new AwsError("EntityNotFoundException", `Database ${name} not found.`);
    return database;
  }

  /** Without asking IAM. @throws AwsError `EntityNotFoundException` */
  find(database: string, name: string): GlueTable {
    const table = this.#tables.get(`${database}.${name}`);
    if (table === undefined) throw new AwsError("EntityNotFoundException", `Table ${name} not found.`);
    return table;
  }

  /** Every table, for the runtime itself. */
  all(): readonly GlueTable[] {
    return [...this.#tables.values()];
  }
}
