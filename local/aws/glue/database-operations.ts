import { objectIn, onlyMembers, requiredText } from "../members.ts";
import type { Call, Operation } from "../service.ts";
import type { CatalogueAccess } from "./access.ts";
import { invalidInput } from "./table-input.ts";
import { databaseView } from "./views.ts";

/** Databases of the catalogue. */
export function databaseOperations({
  catalogue,
  account,
  own,
  page,
  paging,
}: CatalogueAccess): Record<string, Operation> {
  const named = (input: Parameters<Operation>[0], call: Call): string => {
    own(input);
    const name = requiredText(input, "Name");
    catalogue.authorize(call, "glue:GetDatabase", name);
    return name;
  };
  return {
    GetDatabase(input, call) {
      onlyMembers("glue:GetDatabase", input, ["Name", "CatalogId"]);
      return { Database: databaseView(catalogue.database(named(input, call)), account) };
    },
    GetDatabases(input, call) {
      onlyMembers("glue:GetDatabases", input, [...paging, "ResourceShareType"]);
      own(input);
      const all = catalogue.databaseNames(call).map((name) => databaseView(catalogue.database(name), account));
      return page(input, all, "DatabaseList");
    },
    CreateDatabase(input, call) {
      onlyMembers("glue:CreateDatabase", input, ["CatalogId", "DatabaseInput", "Tags"]);
      own(input);
      catalogue.createDatabase(objectIn(input["DatabaseInput"]) ?? {}, call);
      return {};
    },
    UpdateDatabase(input, call) {
      onlyMembers("glue:UpdateDatabase", input, ["CatalogId", "Name", "DatabaseInput"]);
      own(input);
      const database = objectIn(input["DatabaseInput"]) ?? {};
      if (String(database["Name"]).toLowerCase() !== requiredText(input, "Name").toLowerCase())
        throw invalidInput("A database cannot be given another name");
      catalogue.updateDatabase(database, call);
      return {};
    },
    DeleteDatabase(input, call) {
      onlyMembers("glue:DeleteDatabase", input, ["CatalogId", "Name"]);
      own(input);
      catalogue.dropDatabase(requiredText(input, "Name").toLowerCase(), call);
      return {};
    },
  };
}
