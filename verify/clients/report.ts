import { readFileSync } from "node:fs";
import type { Check } from "./client.ts";

/** What one client did under one role. */
export interface ClientResult {
  readonly client: string;
  readonly role: string;
  readonly checks: readonly Check[];
}

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8").trim();

/** `name==version` of the pinned packages that a user asks for, environment by environment. */
function pins(): string {
  const files = ["requirements.txt", "requirements-ibis.txt", "requirements-dbt.txt"];
  const [clients, ...others] = files.map((file) =>
    read(file)
      .split("\n")
      .filter((line) => /^(pyathena|awswrangler|awscli|sqlalchemy|polars|ibis-|dbt-)/.test(line))
      .map((line) => `\`${line}\``)
      .join(", "),
  );
  return `${clients}; in environments of their own ${others.join("; ")}`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What changes from run to run and says nothing. */
const steady = (text: string): string =>
  text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>").replace(/\s*\(reached max retries: \d+\)/, "");

/** The grants of `estate.ts`, as its statements name them. */
function grants(): string {
  const source = read("estate.ts");
  return Array.from(source.matchAll(/sid: "(\w+)",\s*actions: \[([^\]]*)\]/g), ([, sid = "", actions = ""]) => {
    const names = Array.from(actions.matchAll(/"([^"]+)"/g), ([, action]) => `\`${action}\``);
    return `- ${sid}: ${names.join(", ")}`;
  }).join("\n");
}

/** The result as the page that is kept. */
export function page(results: readonly ClientResult[]): string {
  const all = results.flatMap(({ checks }) => checks);
  const wrong = all.filter(({ ok }) => !ok).length;
  const worked = results.flatMap(({ client, role, checks }) =>
    checks
      .filter(({ refused }) => refused !== true)
      .map(({ what, ok, saw }) => [client, role, what, ok ? "works" : `DIFFERS: ${steady(saw)}`]),
  );
  const refused = results.flatMap(({ client, checks }) =>
    checks.flatMap(({ what, ok, saw, refused: failing }) =>
      failing === true ? [[client, what, ok ? steady(saw) : `DIFFERS: ${steady(saw)}`]] : [],
    ),
  );
  return `# Foreign clients

Written by \`npm run verify:clients\`, which says how to repeat it with \`--help\`. The clients are installed from PyPI and not
changed: ${pins()}.

**${all.length} checks, ${wrong === 0 ? "all as expected" : `${wrong} DIFFER`}.**

## What they need

The endpoint and a role's keys, in the environment; \`c360 up\` prints both. There is no other setting: every one of these
clients is made of the SDK, which reads them. (\`pyarrow\`'s own S3 client is not; below.)

\`\`\`sh
export AWS_ENDPOINT_URL=http://127.0.0.1:4566
export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=...   # of a role; good on this machine only
\`\`\`

- **aws**: nothing more. A profile does as well: \`endpoint_url\`, \`region\` and the two keys under \`[profile c360]\`.
- **PyAthena**: \`connect(work_group="c360-dev", schema_name="c360_dev")\`. The workgroup says where results go. For
  \`unload=True\` besides \`s3_staging_dir\`, where the role may write. With \`paramstyle="qmark"\` parameters are SQL, as in
  Athena's API: a text is \`"'17850'"\`.
- **SQLAlchemy**: \`awsathena+rest://athena.eu-west-1.amazonaws.com/c360_dev?work_group=c360-dev\`; \`+pandas\`, \`+polars\`
  and \`+s3fs\` do as well. Its host only tells the region. Version 2.0: with 2.1 PyAthena 4.2.1 cannot say UPDATE. For tables
  of one's own \`location\` and, for Iceberg, \`tblproperties='table_type'='ICEBERG'\`, in the address or in the \`Table\`.
- **ibis**: \`ibis.athena.from_connection(pyathena.connect(cursor_class=PolarsCursor, ...))\`, since its own cursor is
  PyAthena's ArrowCursor; tables by \`database=("awsdatacatalog", "c360_dev")\`. It reads by UNLOAD, so \`s3_staging_dir\` is where
  the role may write. sqlglot before 29: of what a newer one makes of \`drop_table\` the name is missing.
- **awswrangler**: \`workgroup="c360-dev"\` on every call, and \`ctas_approach=False\` for a role that makes no tables; else a
  database of one's own in \`ctas_parameters\`. \`unload_approach=True\` wants an \`s3_output\` in the workgroup's bucket.
- **dbt**: the profile below; \`s3_data_naming: schema_table_unique\` since it renames tables into place.

\`\`\`yaml
${read("dbt/profiles.yml")}
\`\`\`

The incremental model:

\`\`\`sql
${read("dbt/models/daily_orders.sql")}
\`\`\`

The models as Hive tables, by appending and by writing over the last partition:

\`\`\`sql
${read("dbt/models/order_log.sql")}
\`\`\`

\`\`\`sql
${read("dbt/models/sales_by_day.sql")}
\`\`\`

An analyst's grants are enough for \`aws\`, for PyAthena's cursors and for SQLAlchemy with tables that are written down: to
look into the catalogue takes SeeCatalogue and SeeTables below. awswrangler asks for the workgroup before each query, and
what makes tables needs a place for them: here a database and folders of the clients' own, with these grants beside the
operator's. On AWS they are the same.

${grants()}

## What they cannot do, and how errors reach them

${table(["client", "what", "it says"], refused)}

Not tried: JDBC drivers. AWS offers its own as a download only, and Maven Central did not resolve \`io.burt:athena-jdbc:0.4.0\`
(archived). PyAthena's asynchronous and Spark cursors; awswrangler's \`s3.to_parquet\` and what it does besides Athena; dbt's
Python models and Lake Formation.

## What they did

"Every value": the same as the project's own client reads, value for value.

${table(["client", "role", "what", "result"], worked)}
`;
}
