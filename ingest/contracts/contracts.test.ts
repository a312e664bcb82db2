import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { compatibility } from "./compatibility.ts";
import { failedEventColumns, glueColumns, rawEventColumns } from "./glue.ts";
import { eventBridgeSchema, isRecord, type JsonSchema, publishedSchema } from "./json-schema.ts";
import { breakingChanges, publishedFiles } from "./published-files.ts";
import { allContracts, contractNamed, contracts } from "./registry.ts";
import { arbitraryOf, eventArbitrary } from "./test-support.ts";
import { validateEvent } from "./validate.ts";

const root = join(import.meta.dirname, "../..");

describe("registry", () => {
  test("holds every event of the design, by its name", () => {
    expect(allContracts.map(({ type }) => type).toSorted()).toEqual([
      "Checkout Started",
      "ConsentChanged",
      "CustomerProfileUpdated",
      "CustomerRegistered",
      "EmailBounced",
      "EmailClicked",
      "EmailComplained",
      "EmailDelivered",
      "EmailOpened",
      "Identify",
      "InventoryReleased",
      "InventoryReservationFailed",
      "InventoryReserved",
      "Order Completed",
      "OrderCancelled",
      "OrderConfirmed",
      "OrderFulfilled",
      "OrderPlaced",
      "Page",
      "PaymentFailed",
      "PaymentProcessed",
      "PaymentRefunded",
      "PostPublished",
      "Product Added",
      "Product List Viewed",
      "Product Viewed",
      "ProductUpserted",
      "Products Searched",
      "ReturnReceived",
      "ReturnRequested",
      "ReviewSubmitted",
      "ShipmentDelivered",
      "ShipmentDispatched",
      "StockAdjusted",
      "TicketOpened",
      "TicketResolved",
      "WishlistItemAdded",
    ]);
    expect(new Set(allContracts.map(({ partition }) => partition)).size).toBe(allContracts.length);
    expect(contracts["Product Viewed"].partition).toBe("ProductViewed");
    expect(contractNamed("constructor")).toBeUndefined();
  });

  test("000-10: knows where personal data is", () => {
    expect(contracts.CustomerRegistered.pii).toEqual([
      { pointer: "/givenName", kind: "name" },
      { pointer: "/familyName", kind: "name" },
      { pointer: "/email", kind: "email" },
      { pointer: "/phone", kind: "phone" },
    ]);
    expect(contracts.StockAdjusted.pii).toEqual([]);
  });
});

describe("validateEvent", () => {
  test("accepts whatever a contract's generator makes", () => {
    for (const contract of allContracts) {
      fc.assert(
        fc.property(eventArbitrary(contract), (event) => {
          const verdict = validateEvent(JSON.parse(JSON.stringify(event)));
          expect(verdict).toMatchObject({ ok: true, contract: { type: contract.type } });
        }),
        { numRuns: 25 },
      );
    }
  });

  const [valid] = fc.sample(eventArbitrary(contracts.PaymentProcessed), { numRuns: 1, seed: 7 });
  const changed = (data: object) => {
    if (valid === undefined || !isRecord(valid["data"])) throw new Error("no event");
    return { ...valid, data: { ...valid["data"], ...data } };
  };

  test.each([
    ["no object", 3, "not-a-cloudevent", "/ must be object"],
    [
      "a day that does not exist",
      { ...valid, time: "2011-02-29T00:00:00Z" },
      "not-a-cloudevent",
      /^\/time must match pattern/,
    ],
    ["local time", { ...valid, time: "2011-02-28T00:00:00+01:00" }, "not-a-cloudevent", /^\/time must match pattern/],
    ["a foreign name", { ...valid, type: "Anything" }, "unknown-type", "/type is not the name of a published contract"],
    ["a name of Object.prototype", { ...valid, type: "__proto__" }, "unknown-type", /published contract/],
    [
      "another version",
      { ...valid, dataschema: "https://contracts.c360.example/PaymentProcessed.v2.json" },
      "contract",
      "/dataschema must be https://contracts.c360.example/PaymentProcessed.v1.json",
    ],
    [
      "money as a float",
      changed({ amount: { currency: "GBP", micros: 1.5 } }),
      "contract",
      "/data/amount/micros must be integer",
    ],
    [
      "an unsafe amount",
      changed({ amount: { currency: "GBP", micros: 1e21 } }),
      "contract",
      /^\/data\/amount\/micros must be <=/,
    ],
    [
      "a member nobody classified",
      changed({ "me@example.com": 1 }),
      "contract",
      "/data must not have additional properties",
    ],
    ["an empty id", changed({ orderId: "" }), "contract", /^\/data\/orderId must not have fewer than 1 characters/],
  ])("refuses %s", (_, value, reason, detail) => {
    expect(validateEvent(value)).toEqual({ ok: false, reason, detail: expect.stringMatching(detail) });
  });

  test("says where and which rule, never the value", () => {
    const verdict = validateEvent(changed({ orderId: 4242, amount: { currency: "secret-word", micros: 1 } }));
    expect(JSON.stringify(verdict)).not.toMatch(/4242|secret-word/);
  });

  test("a leap day is a day only in leap years", () => {
    for (const [time, ok] of [
      ["2012-02-29T00:00:00Z", true],
      ["2000-02-29T23:59:59.123456Z", true],
      ["2011-02-29T00:00:00Z", false],
      ["2011-04-31T00:00:00Z", false],
      ["2011-12-31T24:00:00Z", false],
    ] as const) {
      expect([time, validateEvent({ ...valid, time }).ok]).toEqual([time, ok]);
    }
  });
});

describe("Glue columns", () => {
  test("raw and failed events have the columns of the lake, in lower case", () => {
    expect(rawEventColumns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "event_id string",
      "type string",
      "source string",
      "subject string",
      "time timestamp",
      "dataschema string",
      "correlationid string",
      "causationid string",
      "traceparent string",
      "data string",
      "ingested_at timestamp",
    ]);
    expect(failedEventColumns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "failed_id string",
      "reason string",
      "detail string",
      "raw string",
      "record_id string",
      "arrived_at timestamp",
      "refused_at timestamp",
    ]);
  });

  test("nested members become structs and arrays", () => {
    expect(glueColumns(contracts.OrderPlaced.data).map(({ name, type }) => `${name} ${type}`)).toEqual([
      "orderid string",
      "customerid string",
      "guestemail string",
      "country string",
      "placedat string",
      "adjustment string",
      "lines array<struct<lineid:string,sku:string,description:string,kind:string,quantity:bigint,unitprice:struct<currency:string,micros:bigint>,soldat:string>>",
      "total struct<currency:string,micros:bigint>",
    ]);
  });

  test("what Hive cannot hold is refused by name", () => {
    expect(() => glueColumns(Type.Object({ a: Type.String(), A: Type.String() }))).toThrow("named a");
    expect(() => glueColumns(Type.Object({ odd: Type.Null() }))).toThrow("odd has a type");
  });
});

describe("EventBridge schema", () => {
  test("is OpenAPI 3.0 with the bus's frame around the CloudEvent", () => {
    const schema = eventBridgeSchema(contracts["Product Viewed"]);
    expect(schema.name).toBe("collector@ProductViewed");
    const content: unknown = JSON.parse(schema.content);
    expect(content).toMatchObject({
      openapi: "3.0.0",
      components: {
        schemas: {
          AWSEvent: { "x-amazon-events-detail-type": "Product Viewed" },
          ProductViewed: { properties: { type: { enum: ["Product Viewed"] }, specversion: { enum: ["1.0"] } } },
        },
      },
    });
    expect(schema.content).not.toContain('"const"');
  });
});

describe("published schemas", () => {
  const folder = "ingest/contracts/published";
  const onDisk = new Map(
    [...readdirSync(join(root, folder)).map((name) => `${folder}/${name}`), "docs/events.md"].map((path) => [
      path,
      readFileSync(join(root, path), "utf8"),
    ]),
  );

  test("only compatible changes were made since they were published", () => {
    expect(breakingChanges(onDisk, publishedFiles(allContracts))).toEqual([]);
  });

  test("files are up to date (else: node ingest/contracts/publish.ts)", () => {
    expect(onDisk).toEqual(new Map(publishedFiles(allContracts)));
  });

  test("a removed contract is refused", () => {
    const without = publishedFiles(allContracts.filter(({ type }) => type !== "OrderPlaced"));
    expect(breakingChanges(onDisk, without)).toEqual([`${folder}/OrderPlaced.v1.json: the contract was removed`]);
  });
});

describe("compatibility", () => {
  const before = publishedSchema(contracts.OrderPlaced);
  const mutate = (change: (copy: Record<string, Record<string, unknown>>) => void): JsonSchema => {
    const copy = structuredClone(before) as Record<string, Record<string, unknown>>;
    change(copy);
    return copy;
  };
  const members = (copy: Record<string, Record<string, unknown>>) =>
    copy["properties"] as Record<string, Record<string, unknown>>;

  test.each<[string, (copy: Record<string, Record<string, unknown>>) => void, string[]]>([
    ["a removed member", (c) => delete members(c)["guestEmail"], ["/guestEmail: removed"]],
    [
      "another type",
      (c) => Object.assign(members(c)["orderId"] ?? {}, { type: "integer" }),
      ["/orderId: type changed from string to integer"],
    ],
    [
      "a member newly required",
      (c) => Object.assign(c, { required: [...(before["required"] as string[]), "customerId"] }),
      ["/customerId: is newly required"],
    ],
    [
      "a promise withdrawn",
      (c) => Object.assign(c, { required: (before["required"] as string[]).filter((n) => n !== "total") }),
      ["/total: is no longer promised"],
    ],
    [
      "a shorter text",
      (c) => Object.assign(members(c)["orderId"] ?? {}, { maxLength: 10 }),
      ["/orderId: maxLength is narrower than 128"],
    ],
    [
      "fewer words",
      (c) => Object.assign(members(c)["adjustment"] ?? {}, { enum: ["other"] }),
      ["/adjustment: value bad-debt is no longer allowed"],
    ],
    [
      "a pattern",
      (c) => Object.assign(members(c)["country"] ?? {}, { pattern: "^[A-Z]+$" }),
      ["/country: pattern changed"],
    ],
    [
      "a keyword it does not know",
      (c) => Object.assign(members(c)["country"] ?? {}, { not: {} }),
      ["/country: keyword not cannot be compared"],
    ],
    [
      "a narrower line",
      (c) => Object.assign(members(c)["lines"] ?? {}, { items: { type: "string" } }),
      ["/lines/*: type changed from object to string"],
    ],
  ])("refuses %s", (_, change, problems) => {
    expect(compatibility(before, mutate(change)).slice(0, problems.length)).toEqual(problems);
  });

  const wider = mutate((c) => {
    members(c)["note"] = { type: "string" };
    Object.assign(members(c)["orderId"] ?? {}, { maxLength: 256, description: "Another text." });
    Object.assign(members(c)["adjustment"] ?? {}, { enum: ["bad-debt", "rounding"] });
  });

  test("allows new optional members, wider bounds, more words, other descriptions", () => {
    expect(compatibility(before, wider)).toEqual([]);
  });

  test("every event of the old schema is valid by a compatible one", () => {
    const checker = Compile(wider);
    fc.assert(
      fc.property(arbitraryOf(contracts.OrderPlaced.data), (data) => {
        expect(checker.Check(data)).toBe(true);
      }),
    );
  });
});
