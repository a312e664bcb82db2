import { type Engine, type Point, pointStatements, type Reading } from "./engine.ts";
import { literal } from "./types.ts";
import { comparable, digestOf, doubleText } from "./values.ts";

/** A type as Trino's protocol sends it. */
interface Signature {
  readonly rawType: string;
  readonly arguments: readonly { readonly value: unknown }[];
}

interface Page {
  readonly columns?: readonly { readonly name: string; readonly typeSignature: Signature }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly nextUri?: string;
  readonly error?: { readonly errorName: string; readonly message: string };
}

export interface TrinoRows {
  readonly names: readonly string[];
  /** The texts that are compared. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A statement that Trino refused or that failed there. */
export class TrinoError extends Error {
  override readonly name = "TrinoError";
}

/** A real Trino, over its REST protocol. */
export class Trino implements Engine {
  readonly name = "Trino";
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param url of the coordinator, e.g. `http://127.0.0.1:8080` */
  constructor(url: string, catalog: string, schema: string) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = {
      "X-Trino-User": "verify",
      "X-Trino-Source": "verify-iceberg",
      "X-Trino-Catalog": catalog,
      "X-Trino-Schema": schema,
      "X-Trino-Time-Zone": "UTC",
      // Else timestamps come with three digits.
      "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
    };
  }

  async version(): Promise<string> {
    const info: unknown = await (await this.#fetch(`${this.#url}/v1/info`)).json();
    return String(Object(Object(info).nodeVersion).version);
  }

  /** @throws TrinoError */
  async run(sql: string): Promise<TrinoRows> {
    const rows: (string | null)[][] = [];
    let names: readonly string[] = [];
    let request = this.#fetch(`${this.#url}/v1/statement`, { method: "POST", body: sql, headers: this.#headers });
    for (;;) {
      const page = await this.#page(await request, sql);
      const columns = page.columns ?? [];
      if (columns.length > 0) names = columns.map(({ name }) => name);
      for (const row of page.data ?? [])
        rows.push(columns.map(({ typeSignature }, at) => textOf(typeSignature, row[at] ?? null)));
      if (page.error !== undefined)
        throw new TrinoError(`${page.error.errorName}: ${page.error.message}\n  in: ${sql.slice(0, 300)}`);
      if (page.nextUri === undefined) return { names, rows };
      request = this.#fetch(page.nextUri);
    }
  }

  async #fetch(url: string, init?: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new Error(`No Trino answers at ${this.#url}: ${String(cause)}`);
    }
  }

  async #page(response: Response, sql: string): Promise<Page> {
    const text = await response.text();
    if (!response.ok) throw new TrinoError(`HTTP ${response.status} ${text.slice(0, 300)}\n  in: ${sql.slice(0, 300)}`);
    return JSON.parse(text, exactNumbers);
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

/** Numbers of rows as their digits: a bigint does not fit a double. */
function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" ? (context?.source ?? String(value)) : value;
}

const isSignature = (value: unknown): value is Signature =>
  typeof value === "object" && value !== null && "rawType" in value && "arguments" in value;

function argument({ arguments: of }: Signature, at: number): Signature {
  const value = of[at]?.value;
  const signature = isSignature(value) ? value : Object(value).typeSignature;
  if (!isSignature(signature)) throw new TrinoError(`Trino sent a type without arguments: ${JSON.stringify(of)}`);
  return signature;
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
      return `[${list.map((item) => nestedText(argument(signature, 0), item)).join(", ")}]`;
    case "row":
      return `{${list.map((item, at) => `${fieldName(signature, at)}=${nestedText(argument(signature, at), item)}`).join(", ")}}`;
    case "map":
      return `{${Object.entries(Object(value))
        .map(([key, item]) => `${key}=${nestedText(argument(signature, 1), item)}`)
        .join(", ")}}`;
    default:
      return String(value);
  }
}

const fieldName = ({ arguments: of }: Signature, at: number): string =>
  String(Object(Object(of[at]?.value).fieldName).name ?? `field${at}`);
