import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTable } from "./create.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { loadTable } from "./state.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

test("Metadata is read where the catalogue points, once a process, compressed or not.", async () => {
  const table = { location: "s3://lake/state", columns: [{ name: "a", type: "int" as const }], now: fixture.clock.ms };
  const { metadata, metadataLocation } = await createTable(fixture.io, table);
  const env = fixture.environment(metadataLocation);
  expect(loadTable(env)).toEqual({ env, pointer: { metadataLocation, version: "0" }, metadata });
  expect(loadTable(env).metadata).toBe(loadTable(env).metadata);
  expect(fixture.io.reads).toEqual([metadataLocation]);

  const compressed = metadataLocation.replace(".metadata.json", ".gz.metadata.json");
  await fixture.io.write(compressed, gzipSync(fixture.io.read(metadataLocation)));
  expect(loadTable(fixture.environment(compressed)).metadata).toEqual(metadata);
});
