import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { Json } from "@duckdb/node-api";
import type { VirtualClock } from "../../clock/clock.ts";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { createSqlEngine } from "../../sql-engine/sql-engine.ts";
import { type Started, startServices } from "../kinesis/fixture.ts";
import { kinesis } from "../kinesis/index.ts";
import type { SqlEngine } from "../ports.ts";
import { s3 } from "../s3/index.ts";
import { bufferSeconds, deliveryGraph, glueWith, lambdaWith, type TransformEvent } from "./fixture.ts";
import { firehose } from "./index.ts";

/** When the tests begin. */
export const start = Date.UTC(2011, 0, 31, 23, 59);

const columns = { id: "string", n: "int", at: "timestamp", price: "decimal(18,3)", big: "boolean", data: "string" };

/** What a record carries. */
export const json = (data: string) => JSON.parse(Buffer.from(data, "base64").toString());

/** Takes each record as it is, partitioned by its own `day` and `kind`; one without an id is dropped. */
export const identity = (event: TransformEvent) => ({
  records: event.records.map(({ recordId, data }) => {
    const { id, day = "2011-01-31", kind = "sale" } = json(data);
    return id === undefined
      ? { recordId, result: "Dropped" }
      : { recordId, result: "Ok", data, metadata: { partitionKeys: { day, kind } } };
  }),
});

/** A stream, its delivery to S3 and the transform between them, on a clock that is moved by hand. */
export class DeliveryBench {
  readonly #home: string;
  readonly #engine: SqlEngine & { close(): Promise<void> };
  readonly clock: VirtualClock = createVirtualClock(start);
  /** What the transform was given. */
  readonly events: TransformEvent[] = [];
  transform: (event: TransformEvent) => unknown = identity;
  #started: Started | undefined;

  private constructor(home: string, engine: SqlEngine & { close(): Promise<void> }) {
    this.#home = home;
    this.#engine = engine;
  }

  static async start(): Promise<DeliveryBench> {
    const home = await mkdtemp(join(tmpdir(), "firehose-"));
    const engine = await createSqlEngine({ scratch: join(home, "scratch"), memoryLimit: "512MB" });
    const bench = new DeliveryBench(home, engine);
    await bench.run();
    return bench;
  }

  /** The services, as they run now. */
  get started(): Started {
    if (this.#started === undefined) throw new Error("nothing runs");
    return this.#started;
  }

  /** Starts the services, also again on what is there. */
  async run(resources = deliveryGraph()): Promise<void> {
    const lambda = lambdaWith((event) => {
      this.events.push(event);
      return this.transform(event);
    });
    this.#started = await startServices({
      home: this.#home,
      clock: this.clock,
      resources,
      ports: { sql: this.#engine },
      services: { s3, kinesis, glue: glueWith(columns), lambda, firehose },
    });
  }

  async put(...records: readonly (string | object)[]): Promise<void> {
    const client = new KinesisClient(this.started.config);
    const Records = records.map((record, index) => ({
      Data: Buffer.from(typeof record === "string" ? record : JSON.stringify(record)),
      PartitionKey: `key-${index}`,
    }));
    await client.send(new PutRecordsCommand({ StreamName: "events", Records }));
    client.destroy();
  }

  /** Moves the clock until everything that was put is delivered. */
  async flush(): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + (bufferSeconds + 61) * 1000);
  }

  keys(prefix = ""): string[] {
    return this.started.ports.objects.list("lake", prefix, this.started.call).map(({ key }) => key);
  }

  /** The delivered rows, by id. */
  async rows(sql = 'id, n, "at"::VARCHAR, price::VARCHAR, big, data'): Promise<Json[][]> {
    const files = `${this.#home}/s3/lake/raw/**/*.parquet`;
    const reader = await this.#engine.use((connection) =>
      connection.runAndReadAll(`SELECT ${sql} FROM read_parquet('${files}', hive_partitioning = false) ORDER BY id`),
    );
    return reader.getRowsJson();
  }

  /** What lies under the error prefix, line by line. */
  async failures(type: string) {
    const { ports, call } = this.started;
    const bodies = await Promise.all(
      this.keys(`errors/${type}/`).map((key) => ports.objects.get({ bucket: "lake", key }, call)),
    );
    return bodies.flatMap(({ body }) =>
      body
        .toString()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
  }

  /** Stops everything and removes what is there. */
  async end(): Promise<void> {
    await this.started.stop();
    await this.#engine.close();
    await rm(this.#home, { recursive: true, force: true });
  }
}
