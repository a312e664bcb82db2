import { Readable } from "node:stream";
import { GlueClient } from "@aws-sdk/client-glue";
import { describe, expect, it } from "vitest";
import { Catalogue } from "./catalogue.ts";

/** The real client over a wire that gives these answers in turn; what it was asked. */
function glueOver(answers: readonly object[]) {
  const asked: unknown[] = [];
  const client = new GlueClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { body: string | Uint8Array }) => {
        const answer = answers[asked.length] ?? {};
        asked.push(
          JSON.parse(typeof request.body === "string" ? request.body : new TextDecoder().decode(request.body)),
        );
        const headers = { "content-type": "application/x-amz-json-1.1" };
        const body = Readable.from([Buffer.from(JSON.stringify(answer))]);
        return { response: { statusCode: "__type" in answer ? 400 : 200, headers, body } };
      },
    },
  });
  return { client, asked };
}

const table = (Name: string, more: object = {}) => ({ Name, StorageDescriptor: { Columns: [] }, ...more });

describe("Catalogue", () => {
  it("reads every page once, until something may have changed", async () => {
    const { client, asked } = glueOver([
      { TableList: [table("orders", { Parameters: { table_type: "ICEBERG" } }), table("raw")], NextToken: "more" },
      { TableList: [table("halves", { TableType: "VIRTUAL_VIEW", Description: "half of it" })] },
      { TableList: [] },
    ]);
    const catalogue = new Catalogue(client, "lake");
    const [tables, again] = await Promise.all([catalogue.tables(), catalogue.tables()]);
    expect(tables.map(({ name, kind, comment }) => [name, kind, comment])).toEqual([
      ["halves", "view", "half of it"],
      ["orders", "iceberg", ""],
      ["raw", "hive", ""],
    ]);
    expect(again).toBe(tables);
    expect(asked).toEqual([{ DatabaseName: "lake" }, { DatabaseName: "lake", NextToken: "more" }]);
    catalogue.forget();
    expect(await catalogue.tables()).toEqual([]);
  });

  it("says why it cannot, and tries again the next time", async () => {
    const { client } = glueOver([
      { __type: "AccessDeniedException", Message: "not yours" },
      { TableList: [table("raw")] },
    ]);
    const catalogue = new Catalogue(client, "lake");
    await expect(catalogue.tables()).rejects.toThrow(/^Cannot list the tables of lake: /);
    expect(await catalogue.tables()).toHaveLength(1);
  });
});
