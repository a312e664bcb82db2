import { runtime } from "@pulumi/pulumi";
import { afterEach, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";

beforeAll(async () => {
  await runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) },
    "c360",
    "test",
  );
});

const complete = { "aws:region": "eu-west-1", "c360:senderDomain": "shop.example.com" };

afterEach(() => runtime.setAllConfig({}));

test("what a stack leaves out has its default", () => {
  runtime.setAllConfig(complete);
  expect(loadConfig()).toEqual({
    prefix: "c360-test",
    database: "c360_test",
    region: "eu-west-1",
    senderDomain: "shop.example.com",
    streamShards: 0,
    streamRetentionHours: 168,
    deliveryBufferSeconds: 300,
    historyFrom: "2010-01-01",
    refreshSchedule: "cron(0 0 1 * ? *)",
    bytesScannedCutoff: 20_000_000_000,
    logRetentionDays: 30,
    disposable: false,
  });
});

test("0 is a value, not an absence", () => {
  runtime.setAllConfig({ ...complete, "c360:streamShards": "0" });
  expect(loadConfig().streamShards).toBe(0);
});

test.each([
  [
    "c360:senderDomain",
    "offers@shop.example.com",
    'Configuration: c360:senderDomain is "offers@shop.example.com"; it must be a domain name such as shop.example.com.',
  ],
  [
    "c360:streamRetentionHours",
    "23",
    "Configuration: c360:streamRetentionHours is 23; it must be a whole number from 24 to 8760.",
  ],
  [
    "c360:bytesScannedCutoff",
    "9999999",
    "Configuration: c360:bytesScannedCutoff is 9999999; it must be a whole number from 10000000 to 7000000000000000.",
  ],
  [
    "c360:historyFrom",
    "2011-02-29",
    'Configuration: c360:historyFrom is "2011-02-29"; it must be a day such as 2010-01-01.',
  ],
  ["c360:logRetentionDays", "31", /Configuration: c360:logRetentionDays is 31; it must be one of 1, 3, 5/],
  [
    "c360:refreshSchedule",
    "0 0 1 * *",
    'Configuration: c360:refreshSchedule is "0 0 1 * *"; it must be cron(...) or rate(...).',
  ],
])("%s = %s is refused by name", (key, value, message) => {
  runtime.setAllConfig({ ...complete, [key]: value });
  expect(loadConfig).toThrow(message);
});

test("what has no default must be there", () => {
  runtime.setAllConfig({ "aws:region": "eu-west-1" });
  expect(loadConfig).toThrow("c360:senderDomain");
});
