import type { Node } from "../ast.ts";
import { condition } from "../expressions/expression.ts";
import { collectPredicates } from "../queries/predicates.ts";
import { scanTarget, tableNamed } from "../queries/tables.ts";
import type { BoundTable, Env } from "../scope.ts";
import type { DropTable, MsckRepair, Optimize, Vacuum } from "../statement-types.ts";
import { tableName } from "./definitions.ts";
import type { Part } from "./part.ts";
import type { Reader } from "./tokens.ts";

/** `DROP TABLE [IF EXISTS] t`, after the word TABLE. */
export function dropTable(reader: Reader): DropTable {
  const ifExists = reader.take("if exists");
  const table = tableName(reader);
  reader.end();
  return { kind: "DROP_TABLE", table, ifExists };
}

/** `MSCK REPAIR TABLE t`, after these words. */
export function msckRepair(reader: Reader): MsckRepair {
  const table = tableName(reader);
  if (!reader.atEnd) throw reader.mismatched("<EOF> (Athena adds partitions, and takes none away)");
  return { kind: "MSCK_REPAIR", table };
}

/** The table as the parser would give it. */
function node(reader: Reader): Node {
  const { database, name } = tableName(reader);
  return { kind: "table", members: { name: { name }, ...(database !== undefined && { schema: { name: database } }) } };
}

function checkIceberg(table: BoundTable, statement: string, reader: Reader): void {
  if (table.kind !== "iceberg")
    throw reader.error("NOT_SUPPORTED", `${statement} is only supported for Apache Iceberg tables: ${table.name}`);
}

/** `VACUUM t` */
export function vacuum(reader: Reader, { session }: Part): Vacuum {
  const target = tableNamed(node(reader), { session, relations: [], ctes: new Map() });
  reader.end();
  checkIceberg(target, "VACUUM", reader);
  return { kind: "VACUUM", target };
}

/** Stands before WHERE for the parser, in the place of what it does not know. */
const QUERY = "SELECT 1 ";

/**
 * `OPTIMIZE t REWRITE DATA USING BIN_PACK [WHERE ...]`. Of the condition, Athena takes partition columns only, since it
 * chooses files; ours must be comparisons with literals, which say everything there is to say to the pruning.
 */
export function optimize(reader: Reader, part: Part): Optimize {
  const table = node(reader);
  reader.expect("rewrite data using bin_pack");
  const start = reader.offset;
  const where = reader.take("where");
  if (!where) reader.end();
  const { root, env } = where ? part.parse(start, reader.textEnd, QUERY) : { root: undefined, env: part.env };
  const { scan, columns } = scanTarget(table, "t", env);
  checkIceberg(scan.table, "OPTIMIZE", reader);
  if (root !== undefined) {
    const { source } = env.session;
    const members = source.only(root, "expressions", "where_clause");
    const test = source.node(source.only({ kind: "WHERE", members: Object(members["where_clause"]) }, "this")["this"]);
    const inner: Env = { ...env, relations: [{ alias: scan.table.name, columns }] };
    condition(test, inner, "WHERE clause");
    const allowed = scan.table.partitionColumns ?? [];
    const other = [...scan.columns].find((column) => !allowed.includes(column));
    if (other !== undefined)
      throw source.error("NOT_SUPPORTED", test, `WHERE of OPTIMIZE takes partition columns only, not ${other}`);
    for (const conjunct of conjuncts(test, inner)) {
      const before = scan.predicates.length;
      collectPredicates(conjunct, inner);
      if (scan.predicates.length === before)
        throw source.refuse(
          conjunct,
          "this condition of OPTIMIZE",
          "compare partition columns with literals, joined by AND",
        );
    }
  }
  return { kind: "OPTIMIZE", target: scan };
}

function conjuncts(test: Node, env: Env): Node[] {
  const { source } = env.session;
  if (test.kind === "paren") return conjuncts(source.node(test.members["this"]), env);
  if (test.kind !== "and") return [test];
  return [test.members["left"], test.members["right"]].flatMap((side) => conjuncts(source.node(side), env));
}
