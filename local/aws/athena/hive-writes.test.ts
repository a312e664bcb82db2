import { gunzipSync } from "node:zlib";
import { GetPartitionsCommand, GetTableCommand } from "@aws-sdk/client-glue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, graph, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  const resources = graph.resources.map((resource) => {
    if (resource.name !== "wg") return resource;
    // Lets clients choose, as the workgroup of a data team does.
    const configuration = { enforceWorkgroupConfiguration: false, ...Object(resource.inputs["configuration"]) };
    return { ...resource, inputs: { ...resource.inputs, configuration } };
  });
  bench = await startBench(undefined, { ...graph, resources });
});
afterAll(() => bench.stop());

const keys = (prefix: string): string[] =>
  bench.ports.objects.list("lake", prefix, bench.call).map(({ key }) => key.replace(/[0-9a-f-]{36}/, "*"));
const body = async (bucket: string, key: string): Promise<Buffer> =>
  (await bench.ports.objects.get({ bucket, key }, bench.call)).body;

describe("CREATE TABLE AS of a Hive table", () => {
  test("writes Parquet, lists its files, and is read again", async () => {
    const made = await bench.execute(
      "CREATE TABLE plain WITH (external_location = 's3://lake/plain/', format = 'PARQUET') AS SELECT 1 AS n, 'a' AS t, DATE '2011-01-02' AS d, TIMESTAMP '2011-01-02 03:04:05.678' AS ts, DECIMAL '1.50' AS m",
    );
    expect([made.Status?.StateChangeReason, made.StatementType, made.SubstatementType]).toEqual([
      undefined,
      "DDL",
      "CREATE_TABLE_AS_SELECT",
    ]);
    expect(await bench.rows("SELECT n, t, d, ts, m, \"$path\" LIKE 's3://lake/plain/%' FROM plain")).toEqual([
      ["1", "a", "2011-01-02", "2011-01-02 03:04:05.678", "1.50", "true"],
    ]);
    const location = made.Statistics?.DataManifestLocation ?? "";
    expect(location).toBe(`s3://results/out/tables/${made.QueryExecutionId}-manifest.csv`);
    const manifest = await body("results", location.replace("s3://results/", ""));
    const [file] = bench.ports.objects.list("lake", "plain/", bench.call);
    expect(manifest.toString()).toBe(`s3://lake/${file?.key}\n`);
    expect(
      await bench.reason("CREATE TABLE again WITH (external_location = 's3://lake/plain/') AS SELECT 1 AS n"),
    ).toMatch(/^HIVE_PATH_ALREADY_EXISTS: /);
  });

  test("by partitions, which are registered; without a location, below its results", async () => {
    await bench.run(
      "CREATE TABLE parts WITH (partitioned_by = ARRAY['kind']) AS SELECT v.n, v.kind FROM (VALUES (1, 'a/b'), (2, 'c'), (3, 'c')) AS v(n, kind)",
    );
    expect(await bench.rows("SELECT kind, sum(n) FROM parts GROUP BY kind ORDER BY kind")).toEqual([
      ["a/b", "1"],
      ["c", "5"],
    ]);
    const { Partitions } = await bench.glue.send(new GetPartitionsCommand({ DatabaseName: "db", TableName: "parts" }));
    const places = Partitions?.map(({ Values, StorageDescriptor }) => [
      Values?.[0],
      StorageDescriptor?.Location?.replace(/tables\/[0-9a-f-]{36}/, "tables/*"),
    ]);
    expect(places).toEqual([
      ["a/b", "s3://results/out/tables/*/kind=a%2Fb/"],
      ["c", "s3://results/out/tables/*/kind=c/"],
    ]);
    const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "parts" }));
    expect(Table?.PartitionKeys).toEqual([{ Name: "kind", Type: "string" }]);
    await bench.run("INSERT INTO parts VALUES (4, 'c'), (5, 'new')");
    expect(await bench.rows("SELECT kind, sum(n) FROM parts GROUP BY kind ORDER BY kind")).toEqual([
      ["a/b", "1"],
      ["c", "9"],
      ["new", "5"],
    ]);
    expect(await bench.rows("SHOW PARTITIONS parts")).toEqual([["kind=a/b"], ["kind=c"], ["kind=new"]]);
    expect(await bench.reason("ALTER TABLE parts DROP PARTITION (kind = 'nope')")).toMatch(/^FAILED: .*not found/);
    await bench.run("ALTER TABLE parts DROP IF EXISTS PARTITION (kind = 'nope')");
    await bench.run("ALTER TABLE parts DROP PARTITION (kind = 'c')");
    expect(await bench.rows("SELECT sum(n) FROM parts")).toEqual([["6"]]);
    expect(await bench.reason("CREATE TABLE x WITH (partitioned_by = ARRAY['n']) AS SELECT 1 AS n, 2 AS m")).toContain(
      "must be the last columns",
    );
    expect(
      await bench.reason("INSERT INTO parts SELECT n, CAST(n AS varchar) FROM UNNEST(sequence(1, 101)) AS t(n)"),
    ).toBe("HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions/buckets");
  });

  test.each([
    ["JSON", ""],
    ["TEXTFILE", ""],
    ["TEXTFILE", ", field_delimiter = ','"],
  ])("writes %s%s, which is read as what it was", async (format, more) => {
    const name = `as_${format}_${more.length}`.toLowerCase();
    const values =
      "CAST(NULL AS varchar) AS n, 7 AS i, DECIMAL '12345678901234567890.50' AS m, 1e10 AS d, true AS b, 'é\"\\' AS s, DATE '2020-01-02' AS dt, TIMESTAMP '2020-01-02 03:04:05.120' AS ts";
    await bench.run(`CREATE TABLE ${name} WITH (format = '${format}'${more}) AS SELECT ${values}`);
    expect(await bench.rows(`SELECT * FROM ${name}`)).toEqual([
      [null, "7", "12345678901234567890.50", "1.0E10", "true", 'é"\\', "2020-01-02", "2020-01-02 03:04:05.120"],
    ]);
  });

  test("writes JSON with what nests, and no NaN", async () => {
    await bench.run(
      "CREATE TABLE nested WITH (format = 'JSON') AS SELECT ARRAY[1, NULL] AS a, MAP(ARRAY['NaN'], ARRAY[1.5e0]) AS mp",
    );
    expect(await bench.rows("SELECT a, mp FROM nested")).toEqual([["[1, null]", "{NaN=1.5}"]]);
    expect(await bench.reason("CREATE TABLE nans WITH (format = 'JSON') AS SELECT ARRAY[nan()] AS d")).toMatch(
      /^HIVE_UNSERIALIZABLE_JSON_VALUE: Invalid value to Insert/,
    );
  });

  test("by partitions of rows without a value, to which Hive counts the empty text", async () => {
    await bench.run(
      "CREATE TABLE gaps WITH (partitioned_by = ARRAY['k']) AS SELECT v.x, v.k FROM (VALUES (1, ''), (2, 'a b'), (3, NULL)) AS v(x, k)",
    );
    await bench.run("INSERT INTO gaps VALUES (4, '')");
    expect(await bench.rows("SELECT x, k, k IS NULL FROM gaps ORDER BY x")).toEqual([
      ["1", null, "true"],
      ["2", "a b", "false"],
      ["3", null, "true"],
      ["4", null, "true"],
    ]);
    expect(await bench.rows('SELECT k FROM "gaps$partitions" ORDER BY k')).toEqual([["a b"], [null]]);
    expect(await bench.rows("SHOW PARTITIONS gaps")).toEqual([["k=__HIVE_DEFAULT_PARTITION__"], ["k=a b"]]);
    await bench.run(
      "CREATE TABLE day_gaps WITH (partitioned_by = ARRAY['d']) AS SELECT 1 AS x, CAST(NULL AS date) AS d",
    );
    expect(await bench.rows("SELECT x, d FROM day_gaps")).toEqual([["1", null]]);
  });

  test("by partitions asks whether these may be registered before it writes", async () => {
    const made = "CREATE TABLE kept_out WITH (external_location = 's3://lake/kept-out/'";
    const rows = "AS SELECT 1 AS n, 'a' AS k";
    bench.denied.add("glue:BatchCreatePartition");
    expect(await bench.reason(`${made}, partitioned_by = ARRAY['k']) ${rows}`)).toContain(
      "not authorized to perform: glue:BatchCreatePartition",
    );
    expect(keys("kept-out/")).toEqual([]);
    expect(await bench.reason("SELECT * FROM kept_out")).toContain("TABLE_NOT_FOUND");
    expect(await bench.reason(`${made}) ${rows}`)).toBeUndefined();
    bench.denied.clear();
  });

  test("writes text as Hive does", async () => {
    await bench.run(
      `UNLOAD (SELECT 1e10 AS a, 1e-3 AS b, -0e0 AS c, TIMESTAMP '2020-01-02 03:04:05.000' AS t, TIMESTAMP '2020-01-02 03:04:05.120' AS u, TIMESTAMP '2020-01-02 03:04:10' AS v)
       TO 's3://lake/hive-text/' WITH (format = 'TEXTFILE', field_delimiter = '|')`,
    );
    const [file] = bench.ports.objects.list("lake", "hive-text/", bench.call);
    expect(gunzipSync(await body("lake", file?.key ?? "")).toString()).toBe(
      "1.0E10|0.001|-0.0|2020-01-02 03:04:05|2020-01-02 03:04:05.12|2020-01-02 03:04:10\n",
    );
  });

  test("refuses types that Hive has not", async () => {
    expect(await bench.reason("CREATE TABLE x AS SELECT json_parse('1') AS j")).toMatch(
      /^NOT_SUPPORTED: Unsupported Hive type: json/,
    );
  });
});

describe("INSERT INTO a Hive table", () => {
  test("of JSON lines in a registered partition", async () => {
    const inserted = await bench.execute("INSERT INTO notes VALUES ('a', 1, '7'), ('b', NULL, '8')");
    expect(inserted.Statistics?.DataManifestLocation).toBe(
      `s3://results/out/${inserted.QueryExecutionId}-manifest.csv`,
    );
    expect(keys("notes/")).toEqual(["notes/day=7/*.gz", "notes/day=8/*.gz"]);
    expect(await bench.rows("SELECT id, n, day FROM notes ORDER BY id")).toEqual([
      ["a", "1", "7"],
      ["b", null, "8"],
    ]);
    expect(await bench.rows("SELECT \"$path\" FROM notes WHERE day = '8'")).toEqual([
      [expect.stringMatching(/^s3:\/\/lake\/notes\/day=8\/.*\.gz$/)],
    ]);
  });

  test("with projection: nothing to register", async () => {
    await bench.run("INSERT INTO raw VALUES ('x', '{}', TIMESTAMP '2010-12-01 10:00:00', '2010-12-01', 'a')");
    expect(keys("raw/")).toEqual(["raw/day=2010-12-01/kind=a/*"]);
    expect(await bench.rows("SELECT id, at, day, kind FROM raw")).toEqual([
      ["x", "2010-12-01 10:00:00.000", "2010-12-01", "a"],
    ]);
  });
});

describe("UNLOAD", () => {
  const rows = "SELECT v.n, v.t, v.k FROM (VALUES (1, 'a,\"b', 'x'), (2, NULL, 'y')) AS v(n, t, k)";

  test("writes text, JSON and Parquet, and a list of the files", async () => {
    const text = await bench.execute(
      `UNLOAD (${rows}) TO 's3://lake/text/' WITH (format = 'TEXTFILE', field_delimiter = '|')`,
    );
    expect([text.Status?.StateChangeReason, text.StatementType, text.SubstatementType]).toEqual([
      undefined,
      "DML",
      "UNLOAD",
    ]);
    const [file] = bench.ports.objects.list("lake", "text/", bench.call);
    expect(gunzipSync(await body("lake", file?.key ?? "")).toString()).toBe('1|a,"b|x\n2|\\N|y\n');
    const manifest = text.Statistics?.DataManifestLocation?.replace("s3://results/", "") ?? "";
    expect((await body("results", manifest)).toString()).toBe(`s3://lake/${file?.key}\n`);
    await bench.run(
      `UNLOAD (${rows}) TO 's3://lake/json/' WITH (format = 'JSON', compression = 'none', partitioned_by = ARRAY['k'])`,
    );
    expect(keys("json/")).toEqual(["json/k=x/*", "json/k=y/*"]);
    const [first] = bench.ports.objects.list("lake", "json/k=x/", bench.call);
    expect((await body("lake", first?.key ?? "")).toString()).toBe('{"n":1,"t":"a,\\"b"}\n');
    expect(await bench.run(`UNLOAD (${rows}) TO 's3://lake/parquet' WITH (format = 'PARQUET')`)).toBe(2);
    expect(keys("parquet/")).toEqual(["parquet/*"]);
    expect(await bench.reason(`UNLOAD (${rows}) TO 's3://lake/parquet/' WITH (format = 'PARQUET')`)).toBe(
      "HIVE_PATH_ALREADY_EXISTS: Target directory already exists: s3://lake/parquet/",
    );
  });

  test("of no rows writes an empty list", async () => {
    const none = await bench.execute("UNLOAD (SELECT 1 AS n WHERE false) TO 's3://lake/none/' WITH (format = 'JSON')");
    const manifest = none.Statistics?.DataManifestLocation?.replace("s3://results/", "") ?? "";
    expect((await body("results", manifest)).toString()).toBe("");
    expect(keys("none/")).toEqual([]);
  });
});
