import { objectIn } from "../members.ts";
import type { CatalogueTable } from "../ports.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import { display, fieldName, type TrinoType } from "./sql/types.ts";

const WRAPPING = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/;

/** What is read of a view's entry in Glue. */
export type StoredView = Pick<CatalogueTable, "database" | "name" | "input">;

/** What Athena keeps of a view in Glue: a base64 document in a comment. */
function documentOf({ database, name, input }: StoredView): Shape & { readonly originalSql: string } {
  const wrapped = WRAPPING.exec(String(input["ViewOriginalText"]))?.[1];
  const document = wrapped && objectIn(JSON.parse(Buffer.from(wrapped, "base64").toString("utf8")));
  const originalSql = document ? document["originalSql"] : undefined;
  if (!document || typeof originalSql !== "string")
    throw new NotImplementedLocally(`view ${database}.${name}, which Athena did not make`);
  return { ...document, originalSql };
}

/**
 * The SQL of a view.
 * @throws AwsError `NotImplementedLocally` for views of other engines.
 */
export const viewQuery = (view: StoredView): string => documentOf(view).originalSql;

/** Its columns with Trino's types. */
export function viewColumns(view: CatalogueTable): readonly { readonly name: string; readonly type: string }[] {
  const columns: unknown = documentOf(view)["columns"];
  return (Array.isArray(columns) ? columns : []).map((column) => {
    const { name, type } = objectIn(column) ?? {};
    return { name: String(name), type: String(type) };
  });
}

/** The Hive type that Glue shows for a view's column; a view is read through its query, so nothing depends on it. */
function hiveText(type: TrinoType): string {
  switch (type.kind) {
    case "integer":
      return "int";
    case "real":
      return "float";
    case "varchar":
      return type.length === undefined ? "string" : display(type);
    case "varbinary":
      return "binary";
    case "timestamp":
    case "timestamptz":
      return "timestamp";
    case "array":
      return `array<${hiveText(type.element)}>`;
    case "map":
      return `map<${hiveText(type.key)},${hiveText(type.value)}>`;
    case "row":
      return `struct<${type.fields.map((field, i) => `${fieldName(field, i)}:${hiveText(field.type)}`).join(",")}>`;
    default:
      return display(type);
  }
}

/** Glue's entry of a view, as Athena writes it. */
export function viewInput(
  view: { readonly database: string; readonly name: string; readonly query: string },
  columns: readonly { readonly name: string; readonly type: TrinoType }[],
): Shape {
  const document = {
    originalSql: view.query,
    catalog: "awsdatacatalog",
    schema: view.database,
    columns: columns.map(({ name, type }) => ({ name, type: display(type) })),
  };
  return {
    Name: view.name,
    TableType: "VIRTUAL_VIEW",
    Parameters: { presto_view: "true", comment: "Presto View" },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: columns.map(({ name, type }) => ({ Name: name, Type: hiveText(type) })),
      Location: "",
      SerdeInfo: {},
    },
    ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(document)).toString("base64")} */`,
    ViewExpandedText: "/* Presto View */",
  };
}
