import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { type Served, serve } from "../../iam/sdk-fixture.ts";
import { states } from "./index.ts";

const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:refresh`;
const EXECUTIONS = `arn:aws:states:${REGION}:${ACCOUNT}:execution:refresh:*`;
const definition = {
  QueryLanguage: "JSONata",
  StartAt: "A",
  States: { A: { Type: "Pass", Output: { got: "{% $states.input.n + 1 %}" }, End: true } },
};
let served: Served;
let client: SFNClient;

beforeAll(async () => {
  served = await serve(states, [
    roleOf("machine", [], ["states.amazonaws.com"]),
    roleOf("operator", [
      { Effect: "Allow", Action: ["states:StartExecution"], Resource: MACHINE },
      { Effect: "Allow", Action: ["states:DescribeExecution", "states:GetExecutionHistory"], Resource: EXECUTIONS },
      { Effect: "Allow", Action: ["states:ListStateMachines", "states:ValidateStateMachineDefinition"], Resource: "*" },
    ]),
    roleOf("stranger", []),
    resourceOf(
      "aws:sfn/stateMachine:StateMachine",
      "refresh",
      { definition: JSON.stringify(definition), roleArn: `arn:aws:iam::${ACCOUNT}:role/machine` },
      { arn: MACHINE, name: "refresh" },
    ),
  ]);
  client = new SFNClient(served.as("operator"));
});
afterAll(() => served.close());

test("StartExecution, DescribeExecution and GetExecutionHistory", async () => {
  const { executionArn, startDate } = await client.send(
    new StartExecutionCommand({ stateMachineArn: MACHINE, name: "one", input: '{"n":1}' }),
  );
  expect(executionArn).toBe(`arn:aws:states:${REGION}:${ACCOUNT}:execution:refresh:one`);
  expect(startDate).toBeInstanceOf(Date);
  await expect
    .poll(async () => (await client.send(new DescribeExecutionCommand({ executionArn }))).status)
    .toBe("SUCCEEDED");
  const ended = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect({ output: ended.output, stateMachineArn: ended.stateMachineArn }).toEqual({
    output: '{"got":2}',
    stateMachineArn: MACHINE,
  });
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events?.map(({ type }) => type)).toEqual([
    "ExecutionStarted",
    "PassStateEntered",
    "PassStateExited",
    "ExecutionSucceeded",
  ]);
  expect(events?.[2]?.stateExitedEventDetails?.output).toBe('{"got":2}');
});

test("machines are listed and definitions validated", async () => {
  const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
  expect(stateMachines?.map(({ name, type }) => [name, type])).toEqual([["refresh", "STANDARD"]]);
  const { result, diagnostics } = await client.send(
    new ValidateStateMachineDefinitionCommand({ definition: '{"QueryLanguage":"JSONata","StartAt":"B","States":{}}' }),
  );
  expect({ result, severity: diagnostics?.[0]?.severity }).toEqual({ result: "FAIL", severity: "ERROR" });
});

test("errors carry the modelled names", async () => {
  const again = new StartExecutionCommand({ stateMachineArn: MACHINE, name: "one", input: '{"n":2}' });
  await expect(client.send(again)).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  await expect(new SFNClient(served.as("stranger")).send(again)).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});
