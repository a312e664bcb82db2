import { argumentType, type Signature, type TrinoServer } from "../trino/server.ts";
import { type Engine, type Point, pointStatements, type Reading } from "./engine.ts";
import { literal } from "./types.ts";
import { comparable, digestOf, doubleText } from "./values.ts";

interface TrinoRows {
  readonly names: readonly string[];
  /** The texts that are compared. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A real Trino as one of the engines that read and write the lake's tables. */
export class Trino implements Engine {
  readonly name = "Trino";
  readonly #server: TrinoServer;

  constructor(server: TrinoServer) {
    this.#server = server;
  }

  version(): Promise<string> {
    return this.#server.version();
  }

  /** @throws TrinoRefusal */
  async run(sql: string): Promise<TrinoRows> {
    const { columns, rows } = await this.#server.run(sql);
    return {
      names: columns.map(({ name }) => name),
      rows: rows.map((row) => columns.map(({ typeSignature }, at) => textOf(typeSignature, row[at] ?? null))),
    };
  }

  async read(table: string, snapshot?: string): Promise<Reading> {
    const at = snapshot === undefined ? "" : ` FOR VERSION AS OF ${snapshot}`;
    const { names, rows } = await this.run(`SELECT * FROM ${table}${at}`);
    return { ...digestOf(names, rows), names };
  }

  canLookUp(): boolean {
    return true;
  }

  async lookUp(table: string, points: readonly Point[]): Promise<readonly number[]> {
    const found: number[] = [];
    for (const sql of pointStatements(table, points, ({ column, value }) => literal(column.kind, value)))
      for (const [point, count] of (await this.run(sql)).rows) found[Number(point)] = Number(count);
    return found;
  }
}

/** The text that is compared, of a value as Trino's JSON has it. */
function textOf(signature: Signature, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  switch (signature.rawType) {
    case "double":
      return doubleText(Number(value));
    case "real":
      return comparable("float", String(value));
    case "varbinary":
      return Buffer.from(String(value), "base64").toString("hex");
    default:
      return nestedText(signature, value);
  }
}

/** Arrays, rows and maps as Athena shows them. */
function nestedText(signature: Signature, value: unknown): string {
  if (value === null || value === undefined) return "null";
  const list = Array.isArray(value) ? value : [];
  switch (signature.rawType) {
    case "array":
      return `[${list.map((item) => nestedText(argumentType(signature, 0), item)).join(", ")}]`;
    case "row":
      return `{${list.map((item, at) => `${fieldName(signature, at)}=${nestedText(argumentType(signature, at), item)}`).join(", ")}}`;
    case "map":
      return `{${Object.entries(Object(value))
        .map(([key, item]) => `${key}=${nestedText(argumentType(signature, 1), item)}`)
        .join(", ")}}`;
    default:
      return String(value);
  }
}

const fieldName = ({ arguments: of }: Signature, at: number): string =>
  String(Object(Object(of[at]?.value).fieldName).name ?? `field${at}`);
