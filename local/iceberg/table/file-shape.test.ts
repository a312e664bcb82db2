import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IcebergType, PrimitiveType } from "../format/model.ts";
import { assignIds } from "../format/schema.ts";
import { duckFieldIds, duckType, identifier } from "../format/types.ts";
import type { Environment } from "./environment.ts";
import { type FileShape, shapeOf, storedTypeText, wantedTypeText } from "./file-shape.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { NotParquet } from "./parquet-footer.ts";

let fixture: Fixture;
let env: Environment;
beforeAll(async () => {
  fixture = await openFixture();
  env = fixture.environment("");
});
afterAll(() => fixture.close());

const primitives: readonly PrimitiveType[] = [
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "string",
  "uuid",
  "binary",
  "fixed[4]",
  "decimal(9,2)",
  "decimal(18,3)",
  "decimal(38,10)",
];
const list = (element: IcebergType): IcebergType => ({
  type: "list",
  "element-id": 0,
  element,
  "element-required": false,
});
const struct = (name: string, type: IcebergType): IcebergType => ({
  type: "struct",
  fields: [{ id: 0, name, required: false, type }],
});
const map = (value: IcebergType): IcebergType => ({
  type: "map",
  "key-id": 0,
  key: "string",
  "value-id": 0,
  value,
  "value-required": false,
});

const nested: readonly IcebergType[] = [
  struct("a b", list("string")),
  list(struct("list", "decimal(5,1)")),
  list(list("int")),
  map(struct("key", "date")),
  map(map(list("long"))),
];

const typesOf = ({ fields }: FileShape) => fields.map(({ id, name, type }) => [id, name, storedTypeText(type)]);

describe("The footer of a file that DuckDB wrote", () => {
  test("tells the columns as they were wanted, every type and nested ones included.", async () => {
    const columns = [...primitives, ...nested].map((type, i) => ({ name: `c "${i}" é`, type }));
    const { fields } = assignIds(columns, 0);
    const nulls = fields.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${identifier(name)}`);
    const file = await fixture.writeParquet(
      "s3://lake/all.parquet",
      `SELECT ${nulls.join(", ")}`,
      `FIELD_IDS ${duckFieldIds(fields)}`,
    );
    expect(typesOf(shapeOf(env, file))).toEqual(fields.map(({ id, name, type }) => [id, name, wantedTypeText(type)]));
    expect(typesOf(shapeOf(env, file))[18]).toEqual([19, 'c "18" é', "[26 [27 INTEGER]]"]);
  });

  test("tells what is no Iceberg type by another name, so that it is never taken for one.", async () => {
    const select =
      "SELECT 1::UINTEGER AS a, 1::TINYINT AS b, 1::HUGEINT AS c, TIMESTAMP_NS '2010-12-01' AS d, TIMESTAMP_MS '2010-12-01' AS e, TIMETZ '00:00:00+01' AS f";
    const file = await fixture.writeParquet(
      "s3://lake/other.parquet",
      select,
      "FIELD_IDS {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}",
    );
    expect(typesOf(shapeOf(env, file)).map(([, , type]) => type)).toEqual([
      "?1/13/",
      "?1/15/",
      "DOUBLE",
      "?2//8.3.0",
      "?2/9/8.1.0",
      "?TIME WITH TIME ZONE",
    ]);
  });

  test("is read in full when it is longer than the first look, and once a file.", async () => {
    const names = Array.from({ length: 900 }, (_, i) => `a_rather_long_column_name_${i}`);
    const ids = names.map((name, i) => `${name}: ${i + 1}`).join(", ");
    const select = `SELECT ${names.map((name) => `1 AS ${name}`).join(", ")}`;
    const file = await fixture.writeParquet("s3://lake/wide.parquet", select, `FIELD_IDS {${ids}}`);
    const shape = shapeOf(env, file);
    expect(typesOf(shape).at(-1)).toEqual([900, "a_rather_long_column_name_899", "INTEGER"]);
    await fixture.io.delete(file.path);
    expect(shapeOf(env, file)).toBe(shape);
  });

  test("is one object for files that were written alike.", async () => {
    const write = (name: string, id: number) =>
      fixture.writeParquet(`s3://lake/${name}.parquet`, "SELECT 1 AS a", `FIELD_IDS {a: ${id}}`);
    const [one, two, other] = [await write("one", 1), await write("two", 1), await write("three", 2)];
    expect(shapeOf(env, one)).toBe(shapeOf(env, two));
    expect(shapeOf(env, other)).not.toBe(shapeOf(env, one));
  });
});

test("What is no Parquet file of the size that is said is refused by name.", async () => {
  const file = await fixture.writeParquet("s3://lake/a.parquet", "SELECT 1 AS a", "FIELD_IDS {a: 1}");
  const wrong = "s3://lake/a.parquet is not a Parquet file of the size that its manifest says";
  expect(() => shapeOf(env, { ...file, size: file.size + 1 })).toThrow(new NotParquet(wrong));
  expect(() => shapeOf(env, { ...file, size: 4 })).toThrow(new NotParquet(wrong));
  await fixture.io.write("s3://lake/b.parquet", Buffer.from("....\0\0\0\0PARE"));
  const encrypted = { ...file, path: "s3://lake/b.parquet", size: 12 };
  expect(() => shapeOf(env, encrypted)).toThrow(new NotParquet("s3://lake/b.parquet is an encrypted Parquet file"));
  await fixture.io.write("s3://lake/c.parquet", Buffer.from("\xff\xff\0\0PAR1", "latin1"));
  const long = { ...file, path: "s3://lake/c.parquet", size: 8 };
  expect(() => shapeOf(env, long)).toThrow(
    new NotParquet("s3://lake/c.parquet has a Parquet footer longer than the file"),
  );
});
