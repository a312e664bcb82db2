import { objectIn, onlyMembers, optionalText, requiredText } from "../members.ts";
import { AwsError, type Call, type Operation, type ServiceContext, type Shape } from "../service.ts";
import { checkPage, invalidRequest } from "./invalid-request.ts";

const CATALOG = "AwsDataCatalog";

function list(value: unknown): Shape[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.map((item) => objectIn(item)).filter((item) => item !== undefined);
}
const present = (members: Shape): Shape =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** Columns that an Iceberg table had once stay in Glue's entry, marked so. */
const isCurrent = ({ Parameters }: Shape): boolean => objectIn(Parameters)?.["iceberg.field.current"] !== "false";
const columns = (value: unknown): Shape[] =>
  list(value)
    .filter(isCurrent)
    .map(({ Name, Type, Comment }) => present({ Name, Type, Comment }));

/** Glue's table as Athena shows it: where and how it is stored stands among the parameters. */
function tableView(table: Shape): Shape {
  const storage = objectIn(table["StorageDescriptor"]) ?? {};
  const serde = objectIn(storage["SerdeInfo"]) ?? {};
  const serdeParameters = Object.entries(objectIn(serde["Parameters"]) ?? {});
  return present({
    Name: table["Name"],
    CreateTime: table["CreateTime"],
    LastAccessTime: table["LastAccessTime"] ?? table["UpdateTime"],
    TableType: table["TableType"] ?? "EXTERNAL_TABLE",
    Columns: columns(storage["Columns"]),
    PartitionKeys: columns(table["PartitionKeys"]),
    Parameters: present({
      comment: table["Description"],
      ...objectIn(table["Parameters"]),
      location: storage["Location"],
      inputformat: storage["InputFormat"],
      outputformat: storage["OutputFormat"],
      "serde.serialization.lib": serde["SerializationLibrary"],
      ...Object.fromEntries(serdeParameters.map(([key, value]) => [`serde.param.${key}`, value])),
    }),
  });
}

const databaseView = ({ Name, Description, Parameters }: Shape): Shape =>
  present({ Name, Description, Parameters: objectIn(Parameters) ?? {} });

const summary = { CatalogName: CATALOG, Type: "GLUE", Status: "CREATE_COMPLETE" };

/** The catalogue through Athena's own operations, as database tools ask for it. */
export function metadataOperations(context: ServiceContext): Record<string, Operation> {
  const arn = `arn:aws:athena:${context.region}:${context.account}:datacatalog/${CATALOG}`;
  const authorized =
    (operation: string, members: readonly string[], act: (input: Shape, call: Call) => Promise<Shape>): Operation =>
    async (input, call) => {
      onlyMembers(`athena:${operation}`, input, [...members, "WorkGroup"]);
      checkPage(input, 50);
      const catalog = requiredText(input, operation === "GetDataCatalog" ? "Name" : "CatalogName");
      if (catalog.toLowerCase() !== CATALOG.toLowerCase())
        throw invalidRequest(`Data catalog ${catalog} was not found`);
      call.authorize(`athena:${operation}`, arn);
      return act(input, call);
    };

  /** What Glue answers; its refusals are told as the catalogue's. */
  const glue = async (operation: string, input: Shape, call: Call): Promise<Shape> => {
    try {
      return await context.dispatch("glue", operation, input, call);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "EntityNotFoundException") throw error;
      throw new AwsError(
        "MetadataException",
        `Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: ${error.code}; Request ID: ${call.requestId}; Proxy: null)`,
      );
    }
  };
  const page = ({ NextToken, MaxResults }: Shape): Shape => ({ NextToken, MaxResults: MaxResults ?? 50 });

  return {
    ListDataCatalogs(input, call) {
      onlyMembers("athena:ListDataCatalogs", input, ["NextToken", "MaxResults", "WorkGroup"]);
      checkPage(input, 50);
      call.authorize("athena:ListDataCatalogs", "*");
      return { DataCatalogsSummary: [summary] };
    },
    GetDataCatalog: authorized("GetDataCatalog", ["Name"], async () => ({
      DataCatalog: {
        Name: CATALOG,
        Type: "GLUE",
        Parameters: { "catalog-id": context.account },
        Status: summary.Status,
      },
    })),
    ListDatabases: authorized("ListDatabases", ["CatalogName", "NextToken", "MaxResults"], async (input, call) => {
      const { DatabaseList, NextToken } = await glue("GetDatabases", page(input), call);
      return present({ DatabaseList: list(DatabaseList).map(databaseView), NextToken });
    }),
    GetDatabase: authorized("GetDatabase", ["CatalogName", "DatabaseName"], async (input, call) => {
      const { Database } = await glue("GetDatabase", { Name: requiredText(input, "DatabaseName") }, call);
      return { Database: databaseView(objectIn(Database) ?? {}) };
    }),
    ListTableMetadata: authorized(
      "ListTableMetadata",
      ["CatalogName", "DatabaseName", "Expression", "NextToken", "MaxResults"],
      async (input, call) => {
        const DatabaseName = requiredText(input, "DatabaseName");
        const Expression = optionalText(input, "Expression");
        const { TableList, NextToken } = await glue("GetTables", { DatabaseName, Expression, ...page(input) }, call);
        return present({ TableMetadataList: list(TableList).map(tableView), NextToken });
      },
    ),
    GetTableMetadata: authorized(
      "GetTableMetadata",
      ["CatalogName", "DatabaseName", "TableName"],
      async (input, call) => {
        const asked = { DatabaseName: requiredText(input, "DatabaseName"), Name: requiredText(input, "TableName") };
        const { Table } = await glue("GetTable", asked, call);
        return { TableMetadata: tableView(objectIn(Table) ?? {}) };
      },
    ),
  };
}
