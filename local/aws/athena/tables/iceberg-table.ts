import type { DuckDBConnection } from "@duckdb/node-api";
import type { Schema } from "../../../iceberg/format/model.ts";
import type { DecodedCache } from "../../../iceberg/table/cache.ts";
import type { Environment, TableEntry } from "../../../iceberg/table/environment.ts";
import { type Plan, planScan, schemaAt } from "../../../iceberg/table/plan.ts";
import { scanBytes, scanSql } from "../../../iceberg/table/scan.ts";
import { loadTable, type TableState } from "../../../iceberg/table/state.ts";
import type { CatalogueTable, Ports } from "../../ports.ts";
import type { Call } from "../../service.ts";
import type { BoundTable, Predicate, TimeTravel } from "../sql/scope.ts";
import { authorizedCache } from "./authorized-cache.ts";
import { PATH } from "./hidden-columns.ts";
import type { Relation } from "./hive-relation.ts";
import { S3Files } from "./iceberg-files.ts";
import { filtersOf } from "./iceberg-filters.ts";
import { trinoType } from "./iceberg-types.ts";

/** What the statements of one process share. */
export interface IcebergContext {
  readonly ports: Ports;
  readonly cache: DecodedCache;
  readonly now: () => number;
}

/** A part of a table. */
export interface Part {
  /** Columns named by the query; undefined for all. */
  readonly columns: readonly string[] | undefined;
  /** Conditions that every row of interest meets; they leave out files. */
  readonly predicates: readonly Predicate[];
  readonly at?: TimeTravel | undefined;
  /** Also `__file` and `__pos`. */
  readonly positions?: boolean;
}

/** What the room of the format needs around it, for one table, one caller and one statement. */
export function icebergEnvironment(
  { ports, cache, now }: IcebergContext,
  entry: TableEntry,
  connection: DuckDBConnection,
  call: Call,
): Environment {
  const io = new S3Files(ports.objects, call);
  return {
    io,
    entry,
    now,
    scratch: ports.sql.scratch,
    connection,
    cache: authorizedCache(cache, (uri) => io.authorizeRead(uri)),
  };
}

/** Schemas are decoded once and never change. */
const columnsOf = new WeakMap<Schema, BoundTable["columns"]>();

function boundColumns(schema: Schema): BoundTable["columns"] {
  const known = columnsOf.get(schema);
  if (known !== undefined) return known;
  const columns = schema.fields.map(({ name, type }) => ({ name: name.toLowerCase(), type: trinoType(type) }));
  columnsOf.set(schema, columns);
  return columns;
}

/** An Iceberg table as one statement sees it: the state that the catalogue pointed at when it was bound. */
export class IcebergTable {
  readonly table: CatalogueTable;
  readonly state: TableState;

  constructor(table: CatalogueTable, env: Environment) {
    this.table = table;
    this.state = loadTable(env);
  }

  /** Its columns as of a point in time, or now. */
  bound(at: TimeTravel | undefined): BoundTable {
    const { metadata } = this.state;
    const schema = schemaAt(this.state, at);
    const spec = metadata["partition-specs"].find((it) => it["spec-id"] === metadata["default-spec-id"]);
    const partitionIds = new Set(spec?.fields.map((field) => field["source-id"]));
    return {
      database: this.table.database,
      name: this.table.name,
      columns: boundColumns(schema),
      hidden: [PATH],
      kind: "iceberg",
      partitionColumns: schema.fields.filter(({ id }) => partitionIds.has(id)).map(({ name }) => name.toLowerCase()),
    };
  }

  /** The files that rows meeting these predicates may be in. */
  plan({ predicates, at }: Part): Plan {
    return planScan(this.state, {
      ...(at !== undefined && { at }),
      filters: filtersOf(predicates, schemaAt(this.state, at)),
    });
  }

  /**
   * The rows of planned files with the part's columns, and what reading these costs: their chunks and the delete files
   * that apply.
   */
  relation(plan: Plan, { columns, positions = false }: Pick<Part, "columns" | "positions">): Relation {
    const names = plan.schema.fields.map(({ name }) => name);
    const read = columns === undefined ? names : names.filter((name) => columns.includes(name.toLowerCase()));
    const paths = columns?.includes(PATH.name) === true;
    return {
      sql: scanSql(plan, { columns: read, positions, paths }),
      bytes: scanBytes(plan, read),
      files: plan.files.length,
    };
  }
}
