import { fromHive } from "../athena/sql/hive-type.ts";
import { preparePrelude } from "../athena/sql/prelude.ts";
import { place, translate } from "../athena/sql/translate.ts";
import { createTableReader } from "../athena/tables/reader.ts";
import { NotImplementedLocally, type ServiceContext } from "../service.ts";
import type { ReadTable } from "./quality.ts";

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Relations for data-quality runs: the table's rows, or those that a push-down predicate leaves. */
export function createTableSource(context: ServiceContext): ReadTable {
  const reader = createTableReader(context);
  return async (connection, { database, table: name, pushDownPredicate }, call) => {
    const table = context.ports.catalogue.table(database, name, call);
    const columns = [...table.columns, ...table.partitionKeys].map((column) => {
      const type = fromHive(column.type, table.kind === "iceberg" ? 6 : 3);
      if (type === undefined) throw new NotImplementedLocally(`column type ${column.type} of ${name}.${column.name}`);
      return { name: column.name, type };
    });
    const where = pushDownPredicate === undefined ? "" : ` WHERE ${pushDownPredicate}`;
    const query = translate(`SELECT * FROM ${ident(name)}${where}`, { table: () => ({ database, name, columns }) });
    await preparePrelude(context.ports.sql);
    const [scan] = query.scans;
    const relation = await reader.read(
      table,
      { columns: undefined, predicates: scan?.predicates ?? [] },
      connection,
      call,
    );
    return `(${place(query.sql, () => relation.sql)})`;
  };
}
