/** A type as Trino's protocol sends it. */
export interface Signature {
  readonly rawType: string;
  readonly arguments: readonly { readonly value: unknown }[];
}

export interface TrinoColumn {
  readonly name: string;
  /** As Trino writes it: `decimal(18,3)`. */
  readonly type: string;
  readonly typeSignature: Signature;
}

export interface TrinoAnswer {
  readonly columns: readonly TrinoColumn[];
  /** Values as Trino's JSON has them; numbers as their digits. */
  readonly rows: readonly (readonly unknown[])[];
}

interface Page {
  readonly columns?: readonly TrinoColumn[];
  readonly data?: readonly (readonly unknown[])[];
  readonly nextUri?: string;
  readonly error?: { readonly errorName: string; readonly errorType: string; readonly message: string };
}

/** A statement that Trino refused or that failed there. */
export class TrinoRefusal extends Error {
  override readonly name = "TrinoRefusal";
  /** `DIVISION_BY_ZERO`, `TYPE_MISMATCH`, ... */
  readonly code: string;
  /** Whether the statement is to blame, and not the server. */
  readonly byStatement: boolean;

  constructor(code: string, type: string, message: string, sql: string) {
    super(`${code}: ${message}\n  in: ${sql.slice(0, 300)}`);
    this.code = code;
    this.byStatement = type === "USER_ERROR";
  }
}

/** How long a statement may take there before the verification gives it up. */
const PATIENCE = "600s";

/** A real Trino, asked over its REST protocol. */
export class TrinoServer {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param url of the coordinator, e.g. `http://127.0.0.1:8080` */
  constructor(url: string, catalog: string, schema: string) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = {
      "X-Trino-User": "verify",
      "X-Trino-Source": "c360-verify",
      "X-Trino-Catalog": catalog,
      "X-Trino-Schema": schema,
      "X-Trino-Time-Zone": "UTC",
      "X-Trino-Session": `query_max_run_time=${PATIENCE},task_concurrency=1,distributed_sort=false`,
      // Else timestamps come with three digits.
      "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
    };
  }

  async version(): Promise<string> {
    const info: unknown = await (await this.#fetch(`${this.#url}/v1/info`)).json();
    return String(Object(Object(info).nodeVersion).version);
  }

  /** @throws TrinoRefusal */
  async run(sql: string): Promise<TrinoAnswer> {
    const rows: (readonly unknown[])[] = [];
    let columns: readonly TrinoColumn[] = [];
    let request = this.#fetch(`${this.#url}/v1/statement`, { method: "POST", body: sql, headers: this.#headers });
    for (;;) {
      const page = await pageOf(await request);
      if (page.error !== undefined)
        throw new TrinoRefusal(page.error.errorName, page.error.errorType, page.error.message, sql);
      columns = page.columns ?? columns;
      for (const row of page.data ?? []) rows.push(row);
      if (page.nextUri === undefined) return { columns, rows };
      request = this.#fetch(page.nextUri, { headers: this.#headers });
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
}

async function pageOf(response: Response): Promise<Page> {
  const text = await response.text();
  if (!response.ok) throw new Error(`Trino answers HTTP ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text, exactNumbers);
}

/** Numbers of rows as their digits: a bigint does not fit a double. */
function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" ? (context?.source ?? String(value)) : value;
}

const isSignature = (value: unknown): value is Signature =>
  typeof value === "object" && value !== null && "rawType" in value && "arguments" in value;

/** Type of an array's elements, a map's keys or values, a row's field. */
export function argumentType({ arguments: of }: Signature, at: number): Signature {
  const value = of[at]?.value;
  const signature = isSignature(value) ? value : Object(value).typeSignature;
  if (!isSignature(signature)) throw new Error(`Trino sent a type without arguments: ${JSON.stringify(of)}`);
  return signature;
}
