import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { type Served, serve } from "../../iam/sdk-fixture.ts";
import { scheduler } from "./index.ts";

const SCHEDULE = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/monthly`;
const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:refresh`;
let served: Served;
let client: SchedulerClient;

beforeAll(async () => {
  served = await serve(scheduler, [
    resourceOf(
      "aws:scheduler/schedule:Schedule",
      "monthly",
      {
        scheduleExpression: "cron(0 0 1 * ? *)",
        flexibleTimeWindow: { mode: "OFF" },
        target: { arn: MACHINE, roleArn: `arn:aws:iam::${ACCOUNT}:role/schedule`, input: "{}" },
      },
      { name: "monthly", arn: SCHEDULE },
    ),
    roleOf("operator", [
      {
        Effect: "Allow",
        Action: ["scheduler:GetSchedule"],
        Resource: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/*`,
      },
      { Effect: "Allow", Action: ["scheduler:ListSchedules"], Resource: "*" },
    ]),
  ]);
  client = new SchedulerClient(served.as("operator"));
});
afterAll(() => served.close());

test("GetSchedule and ListSchedules", async () => {
  const found = await client.send(new GetScheduleCommand({ Name: "monthly", GroupName: "default" }));
  expect({
    arn: found.Arn,
    expression: found.ScheduleExpression,
    target: found.Target?.Arn,
    retries: found.Target?.RetryPolicy?.MaximumRetryAttempts,
  }).toEqual({
    arn: SCHEDULE,
    expression: "cron(0 0 1 * ? *)",
    target: MACHINE,
    retries: 185,
  });
  const { Schedules } = await client.send(new ListSchedulesCommand({ NamePrefix: "mon", MaxResults: 10 }));
  expect(Schedules?.map(({ Name, State }) => [Name, State])).toEqual([["monthly", "ENABLED"]]);
});

test("errors carry the modelled names", async () => {
  await expect(client.send(new GetScheduleCommand({ Name: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
