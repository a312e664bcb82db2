import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, REGION, resourceOf, roleArn, roleOf } from "../../iam/graph-fixture.ts";
import { type Served, serve } from "../../iam/sdk-fixture.ts";
import { lambda } from "./index.ts";

const ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:fn`;
const code = "export const handler = (event) => { if (event.fail) throw new Error('no'); return { got: event }; };";
let served: Served;
let client: LambdaClient;

beforeAll(async () => {
  const inputs = {
    name: "fn",
    runtime: "nodejs24.x",
    handler: "index.handler",
    role: roleArn("worker"),
    code: { kind: "archive", entries: { "index.mjs": { kind: "text", text: code } } },
  };
  served = await serve(lambda, [
    resourceOf("aws:lambda/function:Function", "fn", inputs, { arn: ARN }),
    roleOf("worker", []),
    roleOf("caller", [
      { Effect: "Allow", Action: ["lambda:InvokeFunction", "lambda:GetFunction"], Resource: ARN },
      { Effect: "Allow", Action: "lambda:ListFunctions", Resource: "*" },
    ]),
  ]);
  client = new LambdaClient(served.as("caller"));
});
afterAll(() => served.close());

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

test("Invoke answers with the handler's result", async () => {
  const answer = await client.send(new InvokeCommand({ FunctionName: ARN, Payload: '{"a":"ü"}' }));
  expect([answer.StatusCode, answer.FunctionError, answer.ExecutedVersion]).toEqual([200, undefined, "$LATEST"]);
  expect(text(answer.Payload)).toBe('{"got":{"a":"ü"}}');
});

test("an error of the handler is a function error", async () => {
  const answer = await client.send(new InvokeCommand({ FunctionName: "fn", Payload: '{"fail":true}' }));
  expect([answer.StatusCode, answer.FunctionError]).toEqual([200, "Unhandled"]);
  expect(JSON.parse(text(answer.Payload))).toMatchObject({ errorType: "Error", errorMessage: "no" });
});

test("an event is accepted", async () => {
  const answer = await client.send(new InvokeCommand({ FunctionName: "fn", InvocationType: "Event", Payload: "{}" }));
  expect(answer.StatusCode).toBe(202);
});

test("GetFunction and ListFunctions", async () => {
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: "fn" }));
  expect(Configuration).toMatchObject({
    FunctionArn: ARN,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Timeout: 3,
  });
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["fn"]);
});

test("errors carry the modelled names", async () => {
  await expect(client.send(new InvokeCommand({ FunctionName: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    $metadata: { httpStatusCode: 404 },
  });
  const stranger = new LambdaClient(served.as("worker"));
  await expect(stranger.send(new InvokeCommand({ FunctionName: "fn" }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/local is not authorized to perform: lambda:InvokeFunction on resource: ${ARN} because no identity-based policy allows the lambda:InvokeFunction action`,
    $metadata: { httpStatusCode: 403 },
  });
});
