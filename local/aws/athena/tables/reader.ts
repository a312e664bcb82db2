import type { DuckDBConnection } from "@duckdb/node-api";
import { objectIn } from "../../members.ts";
import type { CatalogueTable } from "../../ports.ts";
import { type Call, NotImplementedLocally, type ServiceContext } from "../../service.ts";
import type { Predicate } from "../sql/scope.ts";
import { type Partitions, splitLocation, tableFiles } from "./hive-files.ts";
import { hiveRelation, type Relation } from "./hive-relation.ts";
import { ParquetFootprint } from "./parquet-footprint.ts";

/** Which part of a table is read. */
export interface Part {
  /** Columns named by the query; undefined for all. */
  readonly columns: readonly string[] | undefined;
  /** Conditions that every row of interest meets; those on partition keys prune files. */
  readonly predicates: readonly Predicate[];
}

/** Gives relations over catalogue tables, whatever keeps their rows, under the caller's permissions. */
export interface TableReader {
  read(table: CatalogueTable, part: Part, connection: DuckDBConnection, call: Call): Promise<Relation>;
  /** The relation of an Iceberg table to change. Asks for the rights to commit to it. */
  write(table: CatalogueTable, connection: DuckDBConnection, call: Call): Promise<string>;
}

/** @param context of the service that reads: its ports and clock are used. */
export function createTableReader(context: ServiceContext): TableReader {
  const { clock, ports, dispatch } = context;
  const footprint = new ParquetFootprint();

  const partitions: Partitions = async (table, call) => {
    const found: { values: string[]; location: string }[] = [];
    let token: unknown;
    do {
      const page = await dispatch(
        "glue",
        "GetPartitions",
        { DatabaseName: table.database, TableName: table.name, ...(token !== undefined && { NextToken: token }) },
        call,
      );
      for (const item of Array.isArray(page["Partitions"]) ? page["Partitions"] : []) {
        const partition = objectIn(item);
        const location = objectIn(partition?.["StorageDescriptor"])?.["Location"];
        const values = partition?.["Values"];
        if (typeof location === "string" && Array.isArray(values)) found.push({ values: values.map(String), location });
      }
      token = page["NextToken"];
    } while (token !== undefined);
    return found;
  };

  /** An Iceberg table is metadata and data files: S3 is asked for them, and KMS through the bucket's key. */
  const authorizeFiles = (
    table: CatalogueTable,
    actions: readonly string[],
    call: Call,
    folders: readonly string[] = ["metadata", "data"],
  ): void => {
    const { bucket, prefix } = splitLocation(table.location);
    for (const action of actions)
      for (const folder of folders) ports.objects.authorize(call, action, { bucket, key: `${prefix}${folder}/file` });
  };

  return {
    async read(table, part, connection, call) {
      if (table.kind === "view") throw new NotImplementedLocally(`reading view ${table.name}`);
      if (table.kind === "iceberg") {
        authorizeFiles(table, ["s3:GetObject"], call);
        return {
          sql: await ports.tables.relation(table, connection),
          bytes: await ports.tables.bytes(table, part.columns),
        };
      }
      const files = await tableFiles(table, part.predicates, clock.now(), ports.objects, partitions, call);
      return hiveRelation(table, files, part.columns, ports.objects, footprint, connection, call);
    },
    async write(table, connection, call) {
      if (table.kind !== "iceberg")
        throw new NotImplementedLocally(`writing to table ${table.name}, which is not Iceberg`);
      const prefix = `arn:aws:glue:${context.region}:${context.account}`;
      for (const resource of ["catalog", `database/${table.database}`, `table/${table.database}/${table.name}`])
        call.authorize("glue:UpdateTable", `${prefix}:${resource}`);
      // A commit stands on the metadata before it.
      authorizeFiles(table, ["s3:GetObject"], call, ["metadata"]);
      authorizeFiles(table, ["s3:PutObject", "s3:DeleteObject"], call);
      return ports.tables.relation(table, connection);
    },
  };
}
