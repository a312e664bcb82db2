import { onlyMembers, optionalText, requiredText } from "../members.ts";
import type { CatalogueTable } from "../ports.ts";
import { AwsError, type Operation, type ServiceContext, type Shape } from "../service.ts";

const CATALOG = "AwsDataCatalog";

function tableView(table: CatalogueTable): Shape {
  const columns = (list: CatalogueTable["columns"]): Shape[] =>
    list.map(({ name, type, comment }) => ({
      Name: name,
      Type: type,
      ...(comment !== undefined && { Comment: comment }),
    }));
  return {
    Name: table.name,
    TableType: table.kind === "view" ? "VIRTUAL_VIEW" : "EXTERNAL_TABLE",
    Columns: columns(table.columns),
    PartitionKeys: columns(table.partitionKeys),
    Parameters: {
      ...table.parameters,
      location: table.location,
      ...(table.serde !== undefined && { "serde.serialization.lib": table.serde }),
    },
  };
}

/** The catalogue through Athena's own operations, as database tools ask for it. */
export function metadataOperations(context: ServiceContext): Record<string, Operation> {
  const arn = `arn:aws:athena:${context.region}:${context.account}:datacatalog/${CATALOG}`;
  const { dispatch } = context;
  const authorized =
    (
      operation: string,
      members: readonly string[],
      act: (...args: Parameters<Operation>) => Promise<Shape>,
    ): Operation =>
    async (input, call) => {
      onlyMembers(`athena:${operation}`, input, [...members, "WorkGroup"]);
      const catalog =
        optionalText(input, "CatalogName") ?? (operation === "GetDataCatalog" ? optionalText(input, "Name") : CATALOG);
      if (catalog?.toLowerCase() !== CATALOG.toLowerCase())
        throw new AwsError("InvalidRequestException", `Data catalog ${catalog} was not found`);
      call.authorize(`athena:${operation}`, arn);
      return act(input, call);
    };
  /** Member names of Glue's answers are Athena's, but for the lists. */
  const described = (database: unknown): Shape => {
    const { Name, Description } = Object(database);
    return { Name, ...(typeof Description === "string" && { Description }) };
  };
  const paged = (input: Shape): Shape => ({
    ...(input["NextToken"] !== undefined && { NextToken: input["NextToken"] }),
    ...(input["MaxResults"] !== undefined && { MaxResults: input["MaxResults"] }),
  });
  const tables = (database: string, call: Parameters<Operation>[1]) => context.ports.catalogue.tables(database, call);

  return {
    ListDataCatalogs(input, call) {
      onlyMembers("athena:ListDataCatalogs", input, ["NextToken", "MaxResults", "WorkGroup"]);
      call.authorize("athena:ListDataCatalogs", "*");
      return { DataCatalogsSummary: [{ CatalogName: CATALOG, Type: "GLUE" }] };
    },
    GetDataCatalog: authorized("GetDataCatalog", ["Name"], async () => ({
      DataCatalog: { Name: CATALOG, Type: "GLUE", Parameters: { "catalog-id": context.account } },
    })),
    ListDatabases: authorized("ListDatabases", ["CatalogName", "NextToken", "MaxResults"], async (input, call) => {
      const answer = await dispatch("glue", "GetDatabases", paged(input), call);
      const list: readonly unknown[] = Array.isArray(answer["DatabaseList"]) ? answer["DatabaseList"] : [];
      return {
        DatabaseList: list.map(described),
        ...(answer["NextToken"] !== undefined && { NextToken: answer["NextToken"] }),
      };
    }),
    GetDatabase: authorized("GetDatabase", ["CatalogName", "DatabaseName"], async (input, call) => {
      const answer = await dispatch("glue", "GetDatabase", { Name: requiredText(input, "DatabaseName") }, call);
      return { Database: described(answer["Database"]) };
    }),
    ListTableMetadata: authorized(
      "ListTableMetadata",
      ["CatalogName", "DatabaseName", "Expression", "NextToken", "MaxResults"],
      async (input, call) => {
        const expression = optionalText(input, "Expression");
        const pattern = expression === undefined ? undefined : new RegExp(`^(?:${expression})$`);
        const found = tables(requiredText(input, "DatabaseName"), call).filter(
          (table) => pattern?.test(table.name) ?? true,
        );
        return { TableMetadataList: found.map(tableView) };
      },
    ),
    GetTableMetadata: authorized(
      "GetTableMetadata",
      ["CatalogName", "DatabaseName", "TableName"],
      async (input, call) => {
        const table = context.ports.catalogue.table(
          requiredText(input, "DatabaseName"),
          requiredText(input, "TableName").toLowerCase(),
          call,
        );
        return { TableMetadata: tableView(table) };
      },
    ),
  };
}
