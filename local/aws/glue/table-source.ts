import { ident } from "../athena/sql/ast.ts";
import { preparePrelude } from "../athena/sql/prelude.ts";
import { place, translateQuery } from "../athena/sql/translate.ts";
import type { ServiceContext } from "../service.ts";
import type { ReadTable } from "./quality.ts";

/** Relations for data-quality runs: the table's rows, or those that a push-down predicate leaves. */
export function createTableSource({ ports, clock }: ServiceContext): ReadTable {
  return async (connection, { database, table: name, pushDownPredicate }, call) => {
    const opened = ports.tables.open(ports.catalogue.table(database, name, call), undefined, connection, call);
    const where = pushDownPredicate === undefined ? "" : ` WHERE ${pushDownPredicate}`;
    const bound = opened.bound(undefined);
    const query = translateQuery(`SELECT * FROM ${ident(name)}${where}`, { table: () => bound }, [], clock.now());
    await preparePrelude(ports.sql);
    const [scan] = query.scans;
    const relation = await opened.read({ columns: undefined, predicates: scan?.predicates ?? [] });
    return `(${place(query.sql, () => relation.sql)})`;
  };
}
