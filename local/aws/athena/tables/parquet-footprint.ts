import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectInfo } from "../../ports.ts";

interface Footer {
  /** Compressed bytes by top-level column, lower case. */
  readonly columns: ReadonlyMap<string, number>;
}

/** What reading some columns of some Parquet files costs. */
export interface Cost {
  readonly bytes: number;
  /** Whether every file has every column wanted. */
  readonly uniform: boolean;
  /** The wanted columns that at least one file has. */
  readonly present: Set<string>;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const MAX_FOOTERS = 100_000;

/** Remembers the footers of Parquet files: objects do not change under one ETag. */
export class ParquetFootprint {
  readonly #footers = new Map<string, Footer>();

  /** Sizes of the column chunks that a query reads, from the footers. */
  async cost(
    files: readonly { readonly info: ObjectInfo; readonly path: string }[],
    wanted: ReadonlySet<string>,
    connection: DuckDBConnection,
  ): Promise<Cost> {
    const key = ({ bucket, key: name, etag }: ObjectInfo): string => `${bucket}/${name}#${etag}`;
    const unknown = files.filter(({ info }) => !this.#footers.has(key(info)));
    if (unknown.length > 0) {
      const read = await this.#read(
        unknown.map(({ path }) => path),
        connection,
      );
      if (this.#footers.size > MAX_FOOTERS) this.#footers.clear();
      for (const { info, path } of unknown) this.#footers.set(key(info), { columns: read.get(path) ?? new Map() });
    }
    let bytes = 0;
    let uniform = true;
    const present = new Set<string>();
    for (const { info } of files) {
      const footer = this.#footers.get(key(info));
      for (const column of wanted) {
        const size = footer?.columns.get(column);
        if (size === undefined) uniform = false;
        else present.add(column);
        bytes += size ?? 0;
      }
    }
    return { bytes, uniform, present };
  }

  async #read(paths: readonly string[], connection: DuckDBConnection): Promise<Map<string, Map<string, number>>> {
    const result = await connection.runAndReadAll(
      `SELECT file_name, lower(split_part(path_in_schema, ', ', 1)), CAST(sum(total_compressed_size) AS DOUBLE)
       FROM parquet_metadata([${paths.map(quote).join(", ")}]) GROUP BY ALL`,
    );
    const footers = new Map<string, Map<string, number>>();
    for (const [file, column, size] of result.getRows()) {
      const columns = footers.get(String(file)) ?? new Map<string, number>();
      footers.set(String(file), columns.set(String(column), Number(size)));
    }
    return footers;
  }
}
