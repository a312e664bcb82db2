import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { type Served, serve } from "../../iam/sdk-fixture.ts";
import { events } from "./index.ts";

const BUS = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/domain`;
let served: Served;
let client: EventBridgeClient;

beforeAll(async () => {
  served = await serve(events, [
    resourceOf("aws:cloudwatch/eventBus:EventBus", "domain", { name: "domain" }, { name: "domain", arn: BUS }),
    resourceOf(
      "aws:cloudwatch/eventRule:EventRule",
      "rule",
      { eventBusName: "domain", eventPattern: '{"source":["shop"]}' },
      { name: "rule", arn: `${BUS.replace("event-bus", "rule")}/rule` },
    ),
    roleOf("producer", [
      { Effect: "Allow", Action: ["events:PutEvents"], Resource: BUS },
      { Effect: "Allow", Action: ["events:ListRules", "events:TestEventPattern"], Resource: "*" },
    ]),
    roleOf("stranger", []),
  ]);
  client = new EventBridgeClient(served.as("producer"));
});
afterAll(() => served.close());

const entry = {
  EventBusName: "domain",
  Source: "shop",
  DetailType: "Placed",
  Detail: "{}",
  Time: new Date("2011-01-01T00:00:00Z"),
};

test("PutEvents answers entry by entry", async () => {
  const answer = await client.send(new PutEventsCommand({ Entries: [entry, { ...entry, Detail: "[1]" }] }));
  expect({ failed: answer.FailedEntryCount, codes: answer.Entries?.map(({ ErrorCode }) => ErrorCode) }).toEqual({
    failed: 1,
    codes: [undefined, "MalformedDetail"],
  });
  expect(answer.Entries?.[0]?.EventId).toMatch(/^[0-9a-f-]{36}$/);
});

test("rules are listed and patterns tried; a bad pattern has the modelled error", async () => {
  const { Rules } = await client.send(new ListRulesCommand({ EventBusName: "domain" }));
  expect(Rules?.map(({ Name, State }) => [Name, State])).toEqual([["rule", "ENABLED"]]);
  expect(
    (await client.send(new TestEventPatternCommand({ EventPattern: '{"a":[1]}', Event: '{"a":1.0}' }))).Result,
  ).toBe(true);
  await expect(client.send(new TestEventPatternCommand({ EventPattern: "{}", Event: "{}" }))).rejects.toMatchObject({
    name: "InvalidEventPatternException",
  });
});

test("a role without the grant is denied", async () => {
  await expect(
    new EventBridgeClient(served.as("stranger")).send(new PutEventsCommand({ Entries: [entry] })),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
});
