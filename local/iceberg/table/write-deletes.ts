import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFile, NestedField } from "../format/model.ts";
import { partitionFolder, partitionKey, resolveSpec } from "../format/partition.ts";
import { duckFieldIds } from "../format/types.ts";
import { removeFiles } from "./commit.ts";
import { copiedFile, leavesOf, metricsOf } from "./copied-file.ts";
import { DELETE_FILE_PATH, DELETE_POSITION } from "./delete-index.ts";
import type { Plan } from "./plan.ts";
import { writeSettings } from "./settings.ts";
import { literal } from "./sql.ts";
import { dataFolder } from "./write-data.ts";

/** Spec "Position Delete Files". */
const COLUMNS: readonly NestedField[] = [
  { id: DELETE_FILE_PATH, name: "file_path", type: "string", required: true },
  { id: DELETE_POSITION, name: "pos", type: "long", required: true },
];

/** Rows of a plan to be deleted. */
export interface DeletedRows {
  /** Relation with `__file` and `__pos`: what comes after FROM. */
  readonly from: string;
  /** The values of `__file` that it has, once each. */
  readonly files: readonly number[];
}

/**
 * Writes position delete files that no snapshot lists yet: one for each partition of the data files, as the format
 * demands.
 */
export async function writeDeletes(plan: Plan, rows: DeletedRows): Promise<DataFile[]> {
  const { env } = plan.state;
  const targets = rows.files.flatMap((index) => {
    const file = plan.files[index]?.entry.file;
    return file ? [{ index, file }] : [];
  });
  const groups = Map.groupBy(targets, ({ file }) => partitionKey(file.specId, file.partition));
  const folder = join(env.scratch, randomUUID());
  const written: DataFile[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const group of groups.values()) written.push(await writeGroup(plan, { from: rows.from, group, folder }));
    return written;
  } catch (error) {
    await removeFiles(
      env,
      written.map((file) => file.path),
    );
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Target {
  /** `__file`. */
  readonly index: number;
  readonly file: DataFile;
}

async function writeGroup(
  plan: Plan,
  { from, group, folder }: { readonly from: string; readonly group: readonly Target[]; readonly folder: string },
): Promise<DataFile> {
  const { env, metadata } = plan.state;
  const [first] = group;
  if (first === undefined) throw new Error("A group of data files is empty");
  const { specId, partition } = first.file;
  const name = `${randomUUID()}-deletes.parquet`;
  const paths = group.map(({ index, file }) => `(${index}::BIGINT, ${literal(file.path)})`);
  const { compression } = writeSettings(metadata.properties);
  const sql = `COPY (
      SELECT p.file_path, d.__pos::BIGINT AS pos FROM ${from} d JOIN (VALUES ${paths.join(", ")}) p(i, file_path) ON d.__file = p.i
      ORDER BY ALL
    ) TO ${literal(join(folder, name))} (FORMAT parquet, COMPRESSION ${compression}, RETURN_STATS, FIELD_IDS ${duckFieldIds(COLUMNS)})`;
  const [row = {}] = (await env.connection.runAndReadAll(sql)).getRowObjectsJson();
  const copied = copiedFile(row);
  const below = [dataFolder(plan.state), partitionFolder(resolveSpec(metadata, specId), partition), name];
  const path = below.filter((part) => part !== "").join("/");
  await env.io.adopt(path, copied.localPath);
  const metrics = metricsOf(copied, leavesOf(COLUMNS));
  const [lowest, highest] = ends(group.map(({ file }) => Buffer.from(file.path)));
  return {
    content: 1,
    path,
    specId,
    partition,
    records: copied.records,
    size: copied.size,
    ...metrics,
    // DuckDB cuts text statistics, and readers skip a delete file whose bounds do not hold the path.
    lowerBounds: new Map([...metrics.lowerBounds, [DELETE_FILE_PATH, lowest]]),
    upperBounds: new Map([...metrics.upperBounds, [DELETE_FILE_PATH, highest]]),
    ...(group.length === 1 && { referencedDataFile: first.file.path }),
  };
}

function ends(paths: readonly Buffer[]): readonly [Buffer, Buffer] {
  const sorted = paths.toSorted(Buffer.compare);
  return [sorted.at(0) ?? Buffer.alloc(0), sorted.at(-1) ?? Buffer.alloc(0)];
}
