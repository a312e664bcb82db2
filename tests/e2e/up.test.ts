import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { GetDatabaseCommand, GetTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Running, start } from "./command.ts";
import { late, writeLateOrders } from "./late-orders.ts";
import { type Home, oneMonth } from "./one-month.ts";

interface Serving {
  readonly endpoint: string;
  readonly time: string;
  readonly roles: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const COUNT = "SELECT count(*) AS customers FROM customer_360";
const BUCKET = "c360-dev-lake-123456789012";

describe("c360 up", { timeout: 120_000 }, () => {
  let home: Home;
  let up: Running;
  let serving: Serving;

  /** What an unmodified client is made with: endpoint, region and the keys that the command printed. */
  const clientFor = (role: string) => {
    const variables = Object.entries(serving.roles).find(([arn]) => arn.endsWith(`role/c360-dev-${role}`))?.[1] ?? {};
    return {
      endpoint: serving.endpoint,
      region: String(variables["AWS_REGION"]),
      credentials: {
        accessKeyId: String(variables["AWS_ACCESS_KEY_ID"]),
        secretAccessKey: String(variables["AWS_SECRET_ACCESS_KEY"]),
      },
    };
  };

  beforeAll(async () => {
    home = await oneMonth();
    up = start(["--home", home.path, "--json", "up", "--port", "0"]);
    const [text] = await up.says(/^\{[\s\S]*\n\}\n$/m);
    serving = JSON.parse(text);
  });
  afterAll(async () => {
    up.signal("SIGKILL");
    await up.ended;
    home.remove();
  });

  it("serves on loopback, in the time of its home", () => {
    expect(serving.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(serving.time).toMatch(/^2011-01-01T0\d:/);
    expect(Object.keys(serving.roles)).toHaveLength(4);
  });

  it("is found by other commands, which see the same state and time", async () => {
    expect(await home.rows(COUNT)).toEqual([{ customers: 948 }]);
    const segments = await home.json<{ segment: string; members: number }[]>("segments", "list");
    expect(segments.map((each) => each.segment)).toEqual(["champions", "win-back", "new-customers"]);
    expect(segments[0]?.members).toBeGreaterThan(100);
    expect(await home.json("refresh")).toMatchObject({ status: "NothingNew", asOf: "2011-01-01" });
  });

  it("keeps a second runtime off its home", async () => {
    const second = await home.c360("up", "--port", "0");
    expect(second.stderr).toMatch(/in use by process \d+\. Stop it, or name another folder with --home/);
    expect(second.code).toBe(1);
    const demo = await home.c360("demo", "--months", "1");
    expect(demo.stderr).toMatch(/A runtime \(process \d+\) serves .*: stop it first/);
    expect(demo.code).toBe(2);
  });

  it("answers STS, Glue and S3 clients by the policies of their role", async () => {
    const identity = await new STSClient(clientFor("analyst")).send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe("123456789012");
    expect(identity.Arn).toMatch(/^arn:aws:sts::123456789012:assumed-role\/c360-dev-analyst\//);

    const glue = new GlueClient(clientFor("analyst"));
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: "c360_dev" }));
    expect(Database?.Name).toBe("c360_dev");
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: "c360_dev", Name: "customer_360" }));
    expect(Table?.Parameters?.["table_type"]).toBe("ICEBERG");

    const page = await new S3Client(clientFor("operator")).send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "control/replayed/" }),
    );
    expect(page.KeyCount).toBe(0);
    await expect(
      new S3Client(clientFor("analyst")).send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "gold/" })),
    ).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(
      new KinesisClient(clientFor("analyst")).send(
        new PutRecordsCommand({
          StreamName: "c360-dev-events",
          Records: [{ PartitionKey: "x", Data: Buffer.from("{}") }],
        }),
      ),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("runs a foreign client's Athena query: start, wait, rows, and the CSV file in S3", async () => {
    const athena = new AthenaClient(clientFor("analyst"));
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: "SELECT customer_id, orders FROM customer_360 ORDER BY customer_id LIMIT 2",
        QueryExecutionContext: { Database: "c360_dev" },
        WorkGroup: "c360-dev",
      }),
    );
    const execution = await ended(athena, QueryExecutionId);
    expect(execution?.Status?.State).toBe("SUCCEEDED");
    expect(execution?.Statistics?.DataScannedInBytes).toBeGreaterThan(0);
    const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const rows = ResultSet?.Rows?.map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue));
    expect(rows?.[0]).toEqual(["customer_id", "orders"]);
    expect(rows).toHaveLength(3);

    const [, Bucket, Key] =
      /^s3:\/\/([^/]+)\/(.+\.csv)$/.exec(execution?.ResultConfiguration?.OutputLocation ?? "") ?? [];
    const { Body } = await new S3Client(clientFor("analyst")).send(new GetObjectCommand({ Bucket, Key }));
    const csv = rows?.map((row) => row?.map((value) => `"${value}"`).join(",")).join("\n");
    expect(await Body?.transformToString()).toBe(`${csv}\n`);
  });

  it("refuses a key that belongs to nobody, with each service's own error", async () => {
    const stranger = {
      ...clientFor("analyst"),
      credentials: { accessKeyId: "AKIASTRANGER", secretAccessKey: "secret" },
    };
    const refusals = await Promise.allSettled([
      new AthenaClient(stranger).send(new GetQueryExecutionCommand({ QueryExecutionId: "x" })),
      new STSClient(stranger).send(new GetCallerIdentityCommand({})),
      new S3Client(stranger).send(new ListObjectsV2Command({ Bucket: BUCKET })),
    ]);
    expect(refusals.map((each) => (each.status === "rejected" ? each.reason.name : "answered"))).toEqual([
      "UnrecognizedClientException",
      "InvalidClientTokenId",
      "InvalidAccessKeyId",
    ]);
  });

  it("stops on SIGTERM: exit code 0, and what had arrived is in the lake", async () => {
    const file = join(home.path, "..", "late.ndjson");
    writeLateOrders(file);
    const [first = ""] = readFileSync(file, "utf8").split("\n");
    await new KinesisClient(clientFor("producer")).send(
      new PutRecordsCommand({
        StreamName: "c360-dev-events",
        Records: [{ PartitionKey: "late", Data: Buffer.from(first) }],
      }),
    );
    up.signal("SIGTERM");
    const { code, stderr } = await up.ended;
    expect(stderr).toMatch(/Stopping; what has arrived is kept/);
    expect(code).toBe(0);
    expect(existsSync(join(home.path, "endpoint.json"))).toBe(false);
    expect(existsSync(join(home.path, "runtime.lock"))).toBe(false);
    expect(await home.rows(COUNT)).toEqual([{ customers: 948 }]);
    const event = `SELECT event_date FROM raw_events WHERE event_id = '${JSON.parse(first).id}'`;
    expect(await home.rows(event)).toEqual([{ event_date: late.days[0] }]);
  });
});

async function ended(athena: AthenaClient, id: string | undefined) {
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    if (!["QUEUED", "RUNNING"].includes(QueryExecution?.Status?.State ?? "")) return QueryExecution;
    await sleep(50);
  }
}
