import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { announce, findServing } from "./attachment.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "c360-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const announced = (endpoint: string) => ({
  pid: process.pid,
  stack: "dev",
  endpoint,
  outputs: {},
  clockOffset: 0,
  environments: {},
});

describe("findServing", () => {
  it("finds a runtime that answers, and none when it is gone though its process id lives", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const endpoint = `http://127.0.0.1:${address.port}`;
    await announce(home, announced(endpoint));
    expect((await findServing(home))?.endpoint).toBe(endpoint);
    await new Promise((resolve) => server.close(resolve));
    expect(await findServing(home)).toBeUndefined();
  });

  it.each(["{", "[]", '{"pid":1}', JSON.stringify({ ...announced("nowhere"), environments: { a: { b: 1 } } })])(
    "finds none in a file that is none: %s",
    async (text) => {
      await writeFile(join(home, "endpoint.json"), text);
      expect(await findServing(home)).toBeUndefined();
    },
  );

  it("finds none where none was announced", async () => {
    expect(await findServing(home)).toBeUndefined();
  });
});
