import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../../home.ts";
import { objectIn } from "../members.ts";
import type { Shape } from "../service.ts";

/** A table as the catalogue keeps it. */
export interface StoredTable {
  readonly database: string;
  readonly name: string;
  /** As the API takes it (`TableInput`), checked. */
  readonly input: Shape;
  /** Counts the updates. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly updated: number;
  /** What the graph said when it last made the table; absent for tables that clients made. */
  readonly declared?: string;
}

function parse(text: string, file: string): StoredTable {
  const item = objectIn(JSON.parse(text));
  const input = objectIn(item?.["input"]);
  const { database, name, version, created, updated, declared } = item ?? {};
  if (
    input === undefined ||
    typeof database !== "string" ||
    typeof name !== "string" ||
    typeof version !== "number" ||
    typeof created !== "number" ||
    typeof updated !== "number"
  )
    throw new Error(`${file} is damaged: it is no table of the catalogue`);
  return { database, name, input, version, created, updated, ...(typeof declared === "string" && { declared }) };
}

/**
 * The catalogue's tables: one small file a table, replaced in one step, so that a process killed at any time leaves the
 * entry of before or of after. Archived versions lie beside.
 */
export class TableStore {
  readonly #home: string;
  readonly #tables = new Map<string, StoredTable>();

  constructor(home: string) {
    this.#home = home;
    const root = join(home, "tables");
    if (!existsSync(root)) return;
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
      const file = join(entry.parentPath, entry.name);
      const table = parse(readFileSync(file, "utf8"), file);
      this.#tables.set(`${table.database}.${table.name}`, table);
    }
  }

  all(): readonly StoredTable[] {
    return [...this.#tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(database: string, name: string): StoredTable | undefined {
    return this.#tables.get(`${database}.${name}`);
  }

  put(table: StoredTable): void {
    write(this.#file("tables", table.database, `${encodeURIComponent(table.name)}.json`), table);
    this.#tables.set(`${table.database}.${table.name}`, table);
  }

  remove({ database, name }: StoredTable): void {
    rmSync(this.#file("tables", database, `${encodeURIComponent(name)}.json`), { force: true });
    rmSync(this.#file("versions", database, encodeURIComponent(name)), { recursive: true, force: true });
    this.#tables.delete(`${database}.${name}`);
  }

  /** Keeps a version that is about to be replaced. */
  archive(table: StoredTable): void {
    const { database, name, version } = table;
    write(join(this.#file("versions", database, encodeURIComponent(name)), `${version}.json`), table);
  }

  /** The current version and the archived ones, newest first. */
  versions(table: StoredTable): readonly StoredTable[] {
    const folder = this.#file("versions", table.database, encodeURIComponent(table.name));
    const archived = existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(".json"))
          .map((file) => parse(readFileSync(join(folder, file), "utf8"), file))
      : [];
    // A process killed between archiving and replacing leaves the current version archived, too.
    const former = archived.filter(({ version }) => version < table.version).sort((a, b) => b.version - a.version);
    return [table, ...former];
  }

  #file(kind: string, database: string, name: string): string {
    return join(this.#home, kind, encodeURIComponent(database), name);
  }
}

function write(file: string, table: StoredTable): void {
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, JSON.stringify(table));
}
