import { DuckDBInstance } from "@duckdb/node-api";
import { valueText } from "../values.ts";
import { SqlError } from "./errors.ts";
import { makePrelude } from "./prelude.ts";
import { translateQuery } from "./translate.ts";
import { display } from "./types.ts";

/** For tests: answers queries that read no table, as `rows :: types`, in the text of Athena's results. */
export async function answers(): Promise<(sql: string) => Promise<string>> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  await makePrelude(connection);
  return async (sql) => {
    const { sql: duck, columns } = translateQuery(sql, {
      table: (_database, name) => {
        throw new SqlError("TABLE_NOT_FOUND", `Table '${name}' does not exist`);
      },
    });
    const rows = (await connection.runAndReadAll(duck)).getRows();
    const texts = rows.map((row) =>
      row.map((value, i) => valueText(value, columns[i]?.type ?? { kind: "unknown" }) ?? "NULL").join(", "),
    );
    return `${texts.join("; ")} :: ${columns.map(({ type }) => display(type)).join(", ")}`;
  };
}
