import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";

/** A table of the graph, in the words of Glue's API. */
export interface DeclaredTable {
  readonly database: string;
  readonly name: string;
  readonly tableInput: Shape & { readonly Name: string };
  /** `OpenTableFormatInput`: Glue makes the table's first metadata. */
  readonly openTableFormat: Shape | undefined;
  /** The whole declaration as text, to see later whether it has changed. */
  readonly text: string;
}

/** Members whose keys are data, not names of the API. */
const maps = new Set(["parameters", "properties", "skewedColumnValueLocationMaps"]);
const renamed: Readonly<Record<string, string>> = {
  serDeInfo: "SerdeInfo",
  icebergTableInput: "CreateIcebergTableInput",
  sortOrder: "WriteOrder",
};
/** What the provider computes, or keeps for itself. */
const notOfTheInput = new Set([
  "databaseName",
  "catalogId",
  "openTableFormatInput",
  "arn",
  "id",
  "region",
  "__defaults",
]);

/** `{ storageDescriptor: { serDeInfo } }` of the provider -> `{ StorageDescriptor: { SerdeInfo } }` of the API. */
function apiShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(apiShape);
  const object = objectIn(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key, item]) => item !== undefined && key !== "__defaults")
      .map(([key, item]) => [
        renamed[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
        maps.has(key) ? item : apiShape(item),
      ]),
  );
}

function declared({ inputs, outputs }: GraphResource): DeclaredTable {
  const database = String(inputs["databaseName"]);
  const name = String(inputs["name"] ?? outputs["name"]).toLowerCase();
  const rest = Object.fromEntries(Object.entries(inputs).filter(([key]) => !notOfTheInput.has(key)));
  if (rest["partitionIndices"] !== undefined) throw new NotImplementedLocally(`partition indices of table ${name}`);
  const tableInput = { TableType: "EXTERNAL_TABLE", ...objectIn(apiShape(rest)), Name: name };
  const openTableFormat = objectIn(apiShape(inputs["openTableFormatInput"]));
  return {
    database,
    name,
    tableInput,
    openTableFormat,
    text: JSON.stringify([tableInput, openTableFormat]),
  };
}

/** The tables that a graph declares. */
export const declaredTables = (graph: ResourceGraph): readonly DeclaredTable[] =>
  graph.resources.filter(({ type }) => type === "aws:glue/catalogTable:CatalogTable").map(declared);
