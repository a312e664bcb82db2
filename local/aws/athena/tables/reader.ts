import type { DuckDBConnection } from "@duckdb/node-api";
import { DecodedCache } from "../../../iceberg/table/cache.ts";
import type { Environment, TableEntry } from "../../../iceberg/table/environment.ts";
import type { CatalogueTable } from "../../ports.ts";
import { type Call, NotImplementedLocally, type ServiceContext } from "../../service.ts";
import { SqlError } from "../sql/errors.ts";
import type { BoundTable, TimeTravel } from "../sql/scope.ts";
import { PATH } from "./hidden-columns.ts";
import { tableFiles } from "./hive-files.ts";
import { boundColumn, hiveRelation, type Relation } from "./hive-relation.ts";
import { GlueEntry } from "./iceberg-entry.ts";
import { IcebergTable, icebergEnvironment, type Part } from "./iceberg-table.ts";
import { metadataTableOf } from "./metadata-table.ts";
import { ParquetFootprint } from "./parquet-footprint.ts";
import { partitionsTable } from "./partitions-table.ts";
import { registeredPartitions } from "./registered-partitions.ts";

/** A table of the catalogue as one statement reads it. */
export interface OpenTable {
  readonly table: CatalogueTable;
  /** Its columns, as of a point in time if the query names one. */
  bound(at: TimeTravel | undefined): BoundTable;
  /** A relation over a part of it. Asks S3 for every file. */
  read(part: Part): Promise<Relation>;
  /** How many data files it has now, of which a statement may read some. */
  files(): Promise<number>;
  /** Set for Iceberg tables: what changes them stands on it. */
  readonly iceberg?: IcebergTable;
}

/** Opens tables of the catalogue, whatever keeps their rows, under the caller's permissions. */
export interface TableReader {
  /** @param metadata which of a table's metadata tables is meant, e.g. `snapshots`. */
  open(table: CatalogueTable, metadata: string | undefined, connection: DuckDBConnection, call: Call): OpenTable;
  /** For an Iceberg table that has no entry in the catalogue yet. */
  environment(entry: TableEntry, connection: DuckDBConnection, call: Call): Environment;
}

/** @param context of the service that reads: its ports and clock are used. */
export function createTableReader(context: ServiceContext): TableReader {
  const { clock, ports, dispatch } = context;
  const footprint = new ParquetFootprint();
  const iceberg = { ports, cache: new DecodedCache(), now: () => clock.now() };

  const partitions = registeredPartitions(dispatch);
  const hive = (table: CatalogueTable, connection: DuckDBConnection, call: Call): OpenTable => ({
    table,
    bound(at) {
      if (at !== undefined)
        throw new SqlError("NOT_SUPPORTED", `Connector 'hive' does not support versioned tables: ${table.name}`);
      const columns = [...table.columns, ...table.partitionKeys].map((column) => boundColumn(table, column));
      return { database: table.database, name: table.name, columns, hidden: [PATH], kind: "hive" };
    },
    async read({ columns, predicates }) {
      const files = await tableFiles(table, predicates, clock.now(), ports.objects, partitions, call);
      return hiveRelation(table, files, columns, ports.objects, footprint, connection, call);
    },
    files: async () => (await tableFiles(table, [], clock.now(), ports.objects, partitions, call)).length,
  });

  return {
    open(table, metadata, connection, call) {
      if (table.kind === "view") throw new NotImplementedLocally(`reading view ${table.name}`);
      if (table.kind === "hive") {
        if (metadata === "partitions") return partitionsTable(table, context, call);
        if (metadata !== undefined) throw new NotImplementedLocally(`${table.name}$${metadata} of a Hive table`);
        return hive(table, connection, call);
      }
      const entry = new GlueEntry(ports.catalogue, table, call);
      const opened = new IcebergTable(table, icebergEnvironment(iceberg, entry, connection, call));
      if (metadata !== undefined) return metadataTableOf(opened, metadata);
      return {
        table,
        iceberg: opened,
        bound: (at) => opened.bound(at),
        read: async (part) => opened.relation(opened.plan(part), part),
        files: async () => opened.plan({ columns: undefined, predicates: [] }).files.length,
      };
    },
    environment: (entry, connection, call) => icebergEnvironment(iceberg, entry, connection, call),
  };
}
