import { objectIn, onlyMembers, optionalText, requiredText } from "../members.ts";
import { AwsError, type Call, type Operation, type Shape } from "../service.ts";
import type { CatalogueAccess } from "./access.ts";
import { invalidInput } from "./table-input.ts";
import { tableView } from "./views.ts";

const address = ["CatalogId", "DatabaseName"];

/** The name of a table as the catalogue has it. */
const nameIn = (input: Shape, member: string): string => requiredText(input, member).toLowerCase();

/** Writes the first metadata of an Iceberg table under the caller's permissions, and gives the entry that points at it. */
export type MakeIceberg = (openTableFormat: Shape, tableInput: Shape, call: Call) => Promise<Shape>;

/** Tables and their versions. */
export function tableOperations(
  { catalogue, account, own, page, paging }: CatalogueAccess,
  makeIceberg: MakeIceberg,
): Record<string, Operation> {
  return {
    GetTable(input, call) {
      onlyMembers("glue:GetTable", input, [...address, "Name"]);
      own(input);
      const [database, name] = [requiredText(input, "DatabaseName"), nameIn(input, "Name")];
      catalogue.authorize(call, "glue:GetTable", database, name);
      return { Table: tableView(catalogue.find(database, name), account) };
    },

    GetTables(input, call) {
      onlyMembers("glue:GetTables", input, [...paging, "DatabaseName", "Expression"]);
      own(input);
      const expression = optionalText(input, "Expression");
      const pattern = expression === undefined ? undefined : new RegExp(`^(?:${expression})$`);
      const tables = catalogue
        .stored(requiredText(input, "DatabaseName"), call)
        .filter((table) => pattern?.test(table.name) ?? true);
      return page(
        input,
        tables.map((table) => tableView(table, account)),
        "TableList",
      );
    },

    async CreateTable(input, call) {
      onlyMembers("glue:CreateTable", input, [...address, "Name", "TableInput", "OpenTableFormatInput"]);
      own(input);
      const database = requiredText(input, "DatabaseName");
      const tableInput = objectIn(input["TableInput"]);
      const openTableFormat = objectIn(input["OpenTableFormatInput"]);
      const name = optionalText(input, "Name") ?? tableInput?.["Name"];
      if (typeof name !== "string") throw invalidInput("A table needs a name");
      if (openTableFormat === undefined) {
        catalogue.create(database, { ...tableInput, Name: name }, call);
        return {};
      }
      catalogue.authorizeCreation(database, name.toLowerCase(), call);
      catalogue.create(database, await makeIceberg(openTableFormat, { ...tableInput, Name: name }, call), call);
      return {};
    },

    UpdateTable(input, call) {
      onlyMembers("glue:UpdateTable", input, [...address, "Name", "TableInput", "SkipArchive", "VersionId"]);
      own(input);
      const tableInput = objectIn(input["TableInput"]);
      const name = optionalText(input, "Name");
      if (name !== undefined && name.toLowerCase() !== String(tableInput?.["Name"] ?? name).toLowerCase())
        throw invalidInput("A table cannot be given another name");
      catalogue.update(
        requiredText(input, "DatabaseName"),
        { ...(name !== undefined && { Name: name }), ...tableInput },
        { version: optionalText(input, "VersionId"), skipArchive: input["SkipArchive"] === true },
        call,
      );
      return {};
    },

    DeleteTable(input, call) {
      onlyMembers("glue:DeleteTable", input, [...address, "Name"]);
      own(input);
      catalogue.drop(requiredText(input, "DatabaseName"), nameIn(input, "Name"), call);
      return {};
    },

    BatchDeleteTable(input, call) {
      onlyMembers("glue:BatchDeleteTable", input, [...address, "TablesToDelete"]);
      own(input);
      const database = requiredText(input, "DatabaseName");
      const names: readonly unknown[] = Array.isArray(input["TablesToDelete"]) ? input["TablesToDelete"] : [];
      catalogue.authorize(call, "glue:BatchDeleteTable", database);
      const Errors: Shape[] = [];
      for (const name of names.map(String)) {
        try {
          catalogue.drop(database, name.toLowerCase(), call, "glue:BatchDeleteTable");
        } catch (error) {
          if (!(error instanceof AwsError) || error.code !== "EntityNotFoundException") throw error;
          Errors.push({ TableName: name, ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } });
        }
      }
      return { Errors };
    },

    GetTableVersions(input, call) {
      onlyMembers("glue:GetTableVersions", input, [...paging, "DatabaseName", "TableName"]);
      own(input);
      const [database, name] = [requiredText(input, "DatabaseName"), nameIn(input, "TableName")];
      catalogue.authorize(call, "glue:GetTableVersions", database, name);
      const versions = catalogue.store.versions(catalogue.find(database, name));
      return page(
        input,
        versions.map((table) => ({ Table: tableView(table, account), VersionId: String(table.version) })),
        "TableVersions",
      );
    },

    GetTableVersion(input, call) {
      onlyMembers("glue:GetTableVersion", input, [...address, "TableName", "VersionId"]);
      own(input);
      const [database, name] = [requiredText(input, "DatabaseName"), nameIn(input, "TableName")];
      catalogue.authorize(call, "glue:GetTableVersion", database, name);
      const table = catalogue.version(catalogue.find(database, name), optionalText(input, "VersionId"));
      return { TableVersion: { Table: tableView(table, account), VersionId: String(table.version) } };
    },
  };
}
