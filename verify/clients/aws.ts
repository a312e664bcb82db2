import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ownFolder } from "../home.ts";
import { type Check, check, fails, type Place, say } from "./client.ts";

const POLL_MS = 200;

/** The `aws` command: what it prints, as JSON where it is. @throws Error with what it says */
class Aws {
  readonly #command: string;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(command: string, environment: Readonly<Record<string, string>>) {
    this.#command = command;
    this.#environment = environment;
  }

  async text(args: readonly string[], input = ""): Promise<string> {
    const { code, out, err } = await say(this.#command, args, this.#environment, input);
    if (code !== 0) throw new Error(err.trim().replaceAll(/\s+/g, " "));
    return out;
  }

  async json(args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    return Object(JSON.parse(await this.text([...args, "--output", "json"])));
  }
}

/** A query to its end, as a shell script does it. @returns the rows with their header, and where they lie */
async function query(
  aws: Aws,
  sql: string,
  { database, workgroup }: Place,
): Promise<{ rows: unknown[][]; file: string }> {
  const started = await aws.json([
    ...["athena", "start-query-execution", "--query-string", sql, "--work-group", workgroup],
    ...["--query-execution-context", `Database=${database}`],
  ]);
  const id = ["--query-execution-id", String(started["QueryExecutionId"])];
  for (;;) {
    const { QueryExecution } = await aws.json(["athena", "get-query-execution", ...id]);
    const { Status, ResultConfiguration } = Object(QueryExecution);
    if (Status.State === "FAILED") throw new Error(Status.StateChangeReason);
    if (Status.State === "SUCCEEDED") {
      const { ResultSet } = await aws.json(["athena", "get-query-results", ...id]);
      const rows: readonly unknown[] = Object(ResultSet).Rows;
      return { rows: rows.map(cells), file: String(ResultConfiguration.OutputLocation) };
    }
    await setTimeout(POLL_MS);
  }
}

/** What `~/.aws/config` would hold. */
const profile = (environment: Readonly<Record<string, string>>): string =>
  [
    "[profile c360]",
    `endpoint_url = ${environment["AWS_ENDPOINT_URL"]}`,
    `region = ${environment["AWS_REGION"]}`,
    `aws_access_key_id = ${environment["AWS_ACCESS_KEY_ID"]}`,
    `aws_secret_access_key = ${environment["AWS_SECRET_ACCESS_KEY"]}`,
    "",
  ].join("\n");

const cells = (row: unknown): unknown[] => Object(row).Data.map((cell: unknown) => Object(cell).VarCharValue ?? null);

const unless = (ok: boolean, saw: unknown): string | undefined => (ok ? undefined : JSON.stringify(saw).slice(0, 300));

/** What an analyst does with the command. */
export function asAnalyst(command: string, place: Place): Promise<readonly Check[]> {
  const environment = place.environment("analyst");
  const aws = new Aws(command, environment);
  const { questions, workgroup, database } = place;
  return inTurn([
    () =>
      check("sts get-caller-identity", async () => {
        const { Arn } = await aws.json(["sts", "get-caller-identity"]);
        return unless(/:assumed-role\/[\w-]+-analyst\//.test(String(Arn)), Arn);
      }),
    () =>
      check("the same by a profile in place of the environment", async () => {
        const file = join(ownFolder, "clients-aws-config");
        writeFileSync(file, profile(environment), { mode: 0o600 });
        const byProfile = new Aws(command, { AWS_CONFIG_FILE: file, AWS_PROFILE: "c360" });
        const { Arn } = await byProfile.json(["sts", "get-caller-identity"]);
        return unless(/:assumed-role\/[\w-]+-analyst\//.test(String(Arn)), Arn);
      }),
    () =>
      check(
        `athena start-query-execution, get-query-results: the ${questions.length} saved questions, every value`,
        async () => {
          const differing: string[] = [];
          for (const { name, sql, rows } of questions) {
            const found = await query(aws, sql, place);
            if (JSON.stringify(found.rows.slice(1)) !== JSON.stringify(rows)) differing.push(name);
          }
          return unless(differing.length === 0, differing);
        },
      ),
    () =>
      check("athena get-query-results: 2,500 rows in pages that it turns itself", async () => {
        const { rows } = await query(aws, "SELECT line_id FROM order_lines LIMIT 2500", place);
        return unless(rows.length === 2501, rows.length);
      }),
    () =>
      check("s3 cp: the CSV file of a result", async () => {
        const { file } = await query(aws, "SELECT 1 AS a, 'x' AS b", place);
        const text = await aws.text(["s3", "cp", file, "-"]);
        return unless(text === '"a","b"\n"1","x"\n', text);
      }),
    () =>
      check("athena list-named-queries, get-named-query", async () => {
        const { NamedQueryIds } = await aws.json(["athena", "list-named-queries", "--work-group", workgroup]);
        const ids: readonly unknown[] = Array.isArray(NamedQueryIds) ? NamedQueryIds : [];
        const { NamedQuery } = await aws.json(["athena", "get-named-query", "--named-query-id", String(ids[0])]);
        return unless(ids.length === questions.length && Object(NamedQuery).Database === database, ids);
      }),
    () =>
      fails("athena start-query-execution: an error has Athena's words", "DIVISION_BY_ZERO", () =>
        query(aws, "SELECT 1 / 0", place),
      ),
    () =>
      fails("glue delete-table: what the role may not do", "AccessDeniedException", () =>
        aws.json(["glue", "delete-table", "--database-name", database, "--name", "rfm"]),
      ),
  ]);
}

/** What takes the further grants. */
export function asBuilder(command: string, place: Place): Promise<readonly Check[]> {
  const aws = new Aws(command, place.environment("operator"));
  const { database, workgroup, clientsData, lakeBucket } = place;
  const named = (list: unknown): unknown[] => (Array.isArray(list) ? list.map((item) => Object(item).Name) : []);
  const folder = `${clientsData}aws`;
  return inTurn([
    () =>
      check("glue get-tables, get-table, get-databases", async () => {
        const { TableList } = await aws.json(["glue", "get-tables", "--database-name", database]);
        const { Table } = await aws.json(["glue", "get-table", "--database-name", database, "--name", "rfm"]);
        const { DatabaseList } = await aws.json(["glue", "get-databases"]);
        const ok = named(TableList).includes("rfm") && Object(Table).Parameters.table_type === "ICEBERG";
        return unless(ok && named(DatabaseList).includes(database), { TableList, DatabaseList });
      }),
    () =>
      check("athena get-work-group, list-table-metadata", async () => {
        const { WorkGroup } = await aws.json(["athena", "get-work-group", "--work-group", workgroup]);
        const { TableMetadataList } = await aws.json([
          ...["athena", "list-table-metadata", "--catalog-name", "AwsDataCatalog", "--database-name", database],
        ]);
        return unless(Object(WorkGroup).State === "ENABLED" && named(TableMetadataList).includes("rfm"), WorkGroup);
      }),
    () =>
      check("s3 cp, ls, mv, rm: files up, listed, moved, down and away", async () => {
        await aws.text(["s3", "cp", "-", `${folder}/a b.txt`], "hello");
        await aws.text(["s3", "mv", `${folder}/a b.txt`, `${folder}/c/d.txt`]);
        const listed = await aws.text(["s3", "ls", "--recursive", `${folder}/`]);
        const read = await aws.text(["s3", "cp", `${folder}/c/d.txt`, "-"]);
        await aws.text(["s3", "rm", "--recursive", `${folder}/`]);
        const { KeyCount } = await aws.json([
          ...["s3api", "list-objects-v2", "--bucket", lakeBucket, "--prefix", `${new URL(folder).pathname.slice(1)}/`],
        ]);
        return unless(/ 5 \S+aws\/c\/d\.txt\n$/.test(listed) && read === "hello" && (KeyCount ?? 0) === 0, listed);
      }),
    () =>
      fails("s3 mb: buckets come from the estate", "NotImplementedLocally", () =>
        aws.text(["s3", "mb", "s3://another-bucket"]),
      ),
    () =>
      fails("athena create-work-group: so do workgroups", "does not implement athena:CreateWorkGroup", () =>
        aws.json(["athena", "create-work-group", "--name", "another"]),
      ),
    () => fails("iam list-roles: a service that is not served", "iam", () => aws.json(["iam", "list-roles"])),
  ]);
}

/** One after the other: each is a Python that starts. */
async function inTurn(checks: readonly (() => Promise<Check>)[]): Promise<readonly Check[]> {
  const done: Check[] = [];
  for (const each of checks) done.push(await each());
  return done;
}
