import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ClientConfig } from "../../cli/session.ts";
import { ended, foreignEnvironment } from "../python.ts";
import type { Engine, Point, Reading } from "./engine.ts";
import type { Column, Table } from "./model.ts";
import { icebergJson } from "./types.ts";
import type { Row } from "./values.ts";

const program = fileURLToPath(new URL("./pyiceberg_client.py", import.meta.url));

/** What PyIceberg is told to find the catalogue and the files. */
function properties({ endpoint = "", region, credentials }: ClientConfig): Record<string, string> {
  return Object.fromEntries(
    ["glue", "s3"].flatMap((service) => [
      [`${service}.endpoint`, endpoint],
      [`${service}.region`, region],
      [`${service}.access-key-id`, credentials?.accessKeyId ?? ""],
      [`${service}.secret-access-key`, credentials?.secretAccessKey ?? ""],
    ]),
  );
}

/** PyIceberg with its own GlueCatalog and S3 client, in a process of its own. */
export class PyIceberg implements Engine {
  readonly name = "PyIceberg";
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess, answers: AsyncIterator<string>) {
    this.#child = child;
    this.#answers = answers;
  }

  /** @returns the client, and the versions of what it is made of. */
  static async connect(
    interpreter: string,
    config: ClientConfig,
    database: string,
  ): Promise<{ client: PyIceberg; versions: Readonly<Record<string, string>> }> {
    const child = spawn(interpreter, [program], { stdio: ["pipe", "pipe", "inherit"], env: foreignEnvironment() });
    const lines = createInterface({ input: child.stdout });
    const client = new PyIceberg(child, lines[Symbol.asyncIterator]());
    const versions = await client.#ask("connect", { properties: properties(config), database });
    return { client, versions: Object(versions) };
  }

  async #ask(op: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify({ op, ...args })}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`PyIceberg ended in ${op}`);
    const reply = Object(JSON.parse(value));
    if (typeof reply.error === "string") throw new Error(`PyIceberg ${op}: ${reply.error}`);
    return reply.ok;
  }

  async read(table: string, snapshot?: string): Promise<Reading & { readonly snapshot: string | null }> {
    const { rows, checksum, columns, snapshot: current } = Object(await this.#ask("read", { table, snapshot }));
    return { rows, checksum, columns, snapshot: current, names: Object.keys(columns) };
  }

  /** In files of its own, too, it misses NaN where a file has nothing else, and floats beyond the largest finite one. */
  canLookUp({ column, value }: Point): boolean {
    return !["float", "double"].includes(String(column.kind)) || !/NaN|Infinity/.test(String(value));
  }

  async lookUp(table: string, points: readonly Point[]): Promise<readonly number[]> {
    const found = await this.#ask("look_up", { table, points: points.map((at) => [at.column.name, at.value]) });
    return Array.isArray(found) ? found.map(Number) : [];
  }

  async create({ name, columns, partitionedBy }: Table, location: string): Promise<void> {
    let id = 2000;
    const nextId = () => ++id;
    await this.#ask("create", {
      table: name,
      location,
      columns: columns.map((column) => ({ name: column.name, type: icebergJson(column.kind, nextId) })),
      partitioned_by: partitionedBy,
    });
  }

  async append(table: string, rows: readonly Row[]): Promise<void> {
    await this.#ask("append", { table, rows });
  }

  /** @param where in PyIceberg's own language of expressions */
  async remove(table: string, where: string): Promise<void> {
    await this.#ask("delete", { table, where });
  }

  async upsert(table: string, rows: readonly Row[], key: string): Promise<void> {
    await this.#ask("upsert", { table, rows, key });
  }

  async addColumn(table: string, { name, kind }: Column): Promise<void> {
    await this.#ask("add_column", { table, name, type: icebergJson(kind, () => 0) });
  }

  async rename(table: string, to: string): Promise<void> {
    await this.#ask("rename", { table, to });
  }

  async drop(table: string): Promise<void> {
    await this.#ask("drop", { table });
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    await ended(this.#child);
  }
}
