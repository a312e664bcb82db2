import { mkdtempSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { GlueClient } from "@aws-sdk/client-glue";
import { createRealClock } from "../../clock/real-clock.ts";
import { createFaults } from "../../gateway/faults.ts";
import { createGateway } from "../../gateway/gateway.ts";
import { createMeter } from "../../gateway/meter.ts";
import { listen } from "../../gateway/server.ts";
import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import { emptyPorts } from "../../ports.ts";
import { createSqlEngine } from "../../sql-engine/sql-engine.ts";
import { glue } from "../glue/index.ts";
import type { Ports } from "../ports.ts";
import { s3 } from "../s3/index.ts";
import { AwsError, type Call, type Dispatch, type Principal, type Service, type ServiceContext } from "../service.ts";
import { athena } from "./index.ts";

export const account = "123456789012";
/** Key under which the lake's bucket encrypts by default. */
export const lakeKey = `arn:aws:kms:eu-west-1:${account}:key/lake`;
const principal: Principal = {
  roleArn: `arn:aws:iam::${account}:role/analyst`,
  sessionArn: `arn:aws:sts::${account}:assumed-role/analyst/local`,
};

function resource(type: string, name: string, inputs: Readonly<Record<string, unknown>>): GraphResource {
  const outputs = { ...inputs, name, bucket: name, arn: `arn:aws:s3:::${name}` };
  return {
    urn: `urn:${type}::${name}`,
    type,
    name,
    custom: true,
    id: name,
    inputs,
    outputs,
    dependencies: [],
    propertyDependencies: {},
  };
}

const column = (name: string, type: string) => ({ name, type });

/** Two buckets, a workgroup, two Hive tables (Parquet, JSON; partition projection) and two Iceberg tables. */
export const graph: ResourceGraph = {
  project: "p",
  stack: "test",
  region: "eu-west-1",
  account,
  outputs: {},
  resources: [
    resource("aws:s3/bucket:Bucket", "lake", { bucket: "lake" }),
    resource("aws:s3/bucket:Bucket", "results", { bucket: "results" }),
    resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "lake", {
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: lakeKey },
          bucketKeyEnabled: true,
        },
      ],
    }),
    resource("aws:glue/catalogDatabase:CatalogDatabase", "db", { name: "db" }),
    resource("aws:glue/catalogTable:CatalogTable", "raw", {
      name: "raw",
      databaseName: "db",
      tableType: "EXTERNAL_TABLE",
      parameters: {
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": "2010-01-01,NOW",
        "projection.kind.type": "enum",
        "projection.kind.values": "a,b",
      },
      partitionKeys: [column("day", "string"), column("kind", "string")],
      storageDescriptor: {
        location: "s3://lake/raw/",
        serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
        columns: [column("id", "string"), column("data", "string"), column("at", "timestamp")],
      },
    }),
    resource("aws:glue/catalogTable:CatalogTable", "notes", {
      name: "notes",
      databaseName: "db",
      tableType: "EXTERNAL_TABLE",
      partitionKeys: [column("day", "string")],
      storageDescriptor: {
        location: "s3://lake/notes/",
        serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
        columns: [column("id", "string"), column("n", "bigint")],
      },
    }),
    iceberg("sales", ["sku", "string"], ["n", "long"], ["amount", "decimal(18, 3)"], ["sold_at", "timestamp"]),
    iceberg("wide", ["k", "string"], ["d", "double"], ["on_day", "date"], ["ok", "boolean"], ["i", "int"]),
    resource("aws:athena/workgroup:Workgroup", "wg", {
      name: "wg",
      configuration: {
        bytesScannedCutoffPerQuery: 10_000_000,
        resultConfiguration: { outputLocation: "s3://results/out/" },
      },
    }),
    resource("aws:athena/namedQuery:NamedQuery", "q1", {
      name: "how-many",
      database: "db",
      workgroup: "wg",
      query: "SELECT count(*) FROM sales",
    }),
  ],
};

function iceberg(name: string, ...columns: readonly (readonly [string, string])[]): GraphResource {
  const fields = columns.map(([field, type], i) => ({
    id: i + 1,
    name: field,
    type: JSON.stringify(type),
    required: false,
  }));
  const icebergTableInput = { location: `s3://lake/silver/${name}`, schema: { type: "struct", fields } };
  return resource("aws:glue/catalogTable:CatalogTable", name, {
    name,
    databaseName: "db",
    openTableFormatInput: { icebergInput: { metadataOperation: "CREATE", icebergTableInput } },
  });
}

export interface Bench {
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  readonly ports: Ports;
  readonly call: Call;
  /** `action resource` asked of IAM. */
  readonly asked: Set<string>;
  /** Actions, or `action resource`, that IAM denies. */
  readonly denied: Set<string>;
  readonly home: string;
  /** Runs a statement in database `db` and waits for its end. */
  execute(sql: string, parameters?: string[]): Promise<QueryExecution>;
  /** Runs a statement that must succeed. @returns the rows it changed. */
  run(sql: string): Promise<number>;
  /** Rows of a query without the header; NULL is null. @throws Error with the reason when it fails. */
  rows(sql: string, parameters?: string[]): Promise<(string | null)[][]>;
  /** Why a statement failed; undefined when it did not. */
  reason(sql: string): Promise<string | undefined>;
  /** Ends the services; `keep` leaves the state for another bench on the same home. */
  stop(keep?: boolean): Promise<void>;
}

/** S3, Glue and Athena behind the real gateway, reached through the real SDK clients; IAM is played. */
export async function startBench(
  home = mkdtempSync(join(tmpdir(), "athena-")),
  declared: ResourceGraph = graph,
  memoryLimit = "512MiB",
): Promise<Bench> {
  const sql = await createSqlEngine({ scratch: join(home, "scratch"), memoryLimit });
  const ports = Object.assign(emptyPorts(), { sql });
  const clock = createRealClock();
  const asked = new Set<string>();
  const denied = new Set<string>();
  const call: Call = {
    principal,
    requestId: "11111111-2222-3333-4444-555555555555",
    authorize(action, on) {
      asked.add(`${action} ${on}`);
      if (denied.has(action) || denied.has(`${action} ${on}`))
        throw new AwsError(
          "AccessDeniedException",
          `User: ${principal.sessionArn} is not authorized to perform: ${action} on resource: ${on}`,
        );
    },
  };
  const services: Service[] = [];
  const dispatch: Dispatch = (...args) => gateway.dispatch(...args);
  for (const [name, factory] of Object.entries({ s3, glue, athena })) {
    const folder = join(home, name);
    await mkdir(folder, { recursive: true });
    const context: ServiceContext = {
      graph: declared,
      clock,
      home: folder,
      region: graph.region,
      account,
      dispatch,
      assume: () => call,
      servicePrincipal: () => call,
      ports,
      metric: () => undefined,
      log: () => undefined,
      endpoint: () => listener.endpoint,
      environmentFor: () => ({}),
    };
    services.push(factory(context));
  }
  const gateway = createGateway({
    services,
    iam: { principalOf: () => principal, callFor: () => call },
    clock,
    region: graph.region,
    faults: createFaults(undefined),
    meter: createMeter(),
    log: () => undefined,
  });
  const listener = await listen(0, gateway.handle);
  for (const service of services) await service.start?.();
  const config = {
    endpoint: listener.endpoint,
    region: graph.region,
    maxAttempts: 1,
    credentials: { accessKeyId: "k", secretAccessKey: "s" },
  };
  const clients = { athena: new AthenaClient(config), glue: new GlueClient(config) };
  const execute: Bench["execute"] = async (sql, parameters) => {
    const { QueryExecutionId } = await clients.athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: "wg",
        QueryExecutionContext: { Database: "db" },
        ...(parameters && { ExecutionParameters: parameters }),
      }),
    );
    for (;;) {
      const { QueryExecution: execution } = await clients.athena.send(
        new GetQueryExecutionCommand({ QueryExecutionId }),
      );
      if (execution !== undefined && !["QUEUED", "RUNNING"].includes(execution.Status?.State ?? "")) return execution;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const succeed = async (sql: string, parameters?: string[]) => {
    const execution = await execute(sql, parameters);
    const { QueryExecutionId, Status } = execution;
    if (Status?.State !== "SUCCEEDED") throw new Error(`${sql}: ${Status?.StateChangeReason}`);
    return { execution, results: await clients.athena.send(new GetQueryResultsCommand({ QueryExecutionId })) };
  };
  return {
    ...clients,
    execute,
    run: async (sql) => (await succeed(sql)).results.UpdateCount ?? -1,
    async rows(sql, parameters) {
      const { execution, results } = await succeed(sql, parameters);
      const rows = (results.ResultSet?.Rows ?? []).map(({ Data = [] }) =>
        Data.map((cell) => cell.VarCharValue ?? null),
      );
      return execution.StatementType === "DML" ? rows.slice(1) : rows;
    },
    reason: async (sql) => (await execute(sql)).Status?.StateChangeReason,
    ports,
    call,
    asked,
    denied,
    home,
    async stop(keep = false) {
      clients.athena.destroy();
      clients.glue.destroy();
      await listener.close();
      for (const service of services.reverse()) await service.stop?.();
      await sql.close();
      if (!keep) await rm(home, { recursive: true, force: true });
    },
  };
}

/** Name and message of the error that a request ends with; `none` when it ends with none. */
export const errorOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
