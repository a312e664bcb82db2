import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cachedGraph } from "./cache.ts";
import { evaluateProgram } from "./evaluate.ts";
import { answerInvoke } from "./invokes.ts";
import { readStackDefinition } from "./stack-config.ts";
import { synthesise } from "./synthesisers/index.ts";
import { plain } from "./wire.ts";

const small = join(import.meta.dirname, "fixtures/small");
const broken = join(import.meta.dirname, "fixtures/broken");
const context = { region: "eu-west-1", account: "123456789012" };

test("the graph has every resource with resolved values, parents and dependencies", async () => {
  const graph = await evaluateProgram({ projectDir: small, stack: "dev" });
  expect(graph).toMatchObject({ project: "small", stack: "dev", region: "eu-west-1", account: "123456789012" });
  expect(graph.outputs).toEqual({
    streamArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/small-events",
    roleArns: { reader: "arn:aws:iam::123456789012:role/small-reader" },
  });
  const [inlet, stream, role, policy, echo] = graph.resources;
  expect(graph.resources.map(({ name }) => name)).toEqual(["inlet", "inlet-stream", "reader", "reader-policy", "echo"]);
  expect([inlet?.custom, stream?.parent]).toEqual([false, inlet?.urn]);
  expect(stream?.urn).toBe("urn:pulumi:dev::small::small:index:Inlet$aws:kinesis/stream:Stream::inlet-stream");
  expect(stream?.inputs).toEqual({ name: "small-events", shardCount: 2 });
  expect(JSON.parse(String(role?.inputs["assumeRolePolicy"])).Statement[0].Principal).toEqual({ AWS: "123456789012" });
  expect(JSON.parse(String(policy?.inputs["policy"])).Statement[0].Resource).toBe(graph.outputs["streamArn"]);
  expect(policy?.propertyDependencies).toEqual({ policy: [stream?.urn], role: [role?.urn] });
  expect(echo?.dependencies).toContain(policy?.urn);
  expect(echo?.inputs["environment"]).toEqual({ variables: { GREETING: "good morning", STREAM: "small-events" } });
  expect(echo?.inputs["code"]).toEqual({
    kind: "archive",
    entries: { "index.mjs": { kind: "text", text: "export const handler = (e) => e;" } },
  });
});

test.concurrent.each([
  ["dev", "stack output missing is undefined"],
  ["duplicate-name", "duplicate physical name aws:sns/topic:Topic same (one, two)"],
  ["duplicate-urn", "duplicate URN urn:pulumi:duplicate-urn::broken::aws:sns/topic:Topic::one (one, one)"],
  ["printed", "one (aws:sns/topic:Topic).displayName: an output was printed into a string; use pulumi.interpolate"],
  ["undefined", "one (aws:sns/topic:Topic).displayName: an undefined value was printed into a string"],
  ["unknown-type", 'The local runtime does not know the resource type aws:ec2/vpc:Vpc (of "net")'],
  ["unknown-function", "The local runtime does not answer the function aws:index/getIpRanges:getIpRanges"],
  ["exception", "it is closed"],
  ["rejection", "it is closed later"],
  ["missing-input", 'aws:kinesis/stream:Stream "s" needs the text property `name`'],
  ["bad-type", "Configuration broken:count must be integer, but is string"],
  ["secret", "Pulumi.secret.yaml: broken:mistake is encrypted"],
  ["nowhere", 'There is no stack "nowhere"'],
])("a program that is wrong stops with the reason: %s", async (stack, message) => {
  await expect(evaluateProgram({ projectDir: broken, stack })).rejects.toMatchObject({
    name: "ProgramError",
    message: expect.stringContaining(message),
  });
});

test("the cache answers only while nothing has changed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "graph-"));
  const file = join(folder, "graph.json");
  const first = await cachedGraph({ projectDir: small, stack: "dev" }, file);
  const started = performance.now();
  expect(await cachedGraph({ projectDir: small, stack: "dev" }, file)).toEqual(first);
  expect(performance.now() - started).toBeLessThan(300);
  await expect(cachedGraph({ projectDir: broken, stack: "dev" }, file)).rejects.toThrow("missing is undefined");
  rmSync(folder, { recursive: true });
});

test("defaults of the project and values of the stack make the configuration", () => {
  expect(readStackDefinition(small, "dev")).toEqual({
    project: "small",
    entry: join(small, "index.ts"),
    config: { "small:shards": "2", "small:greeting": "good morning", "aws:region": "eu-west-1" },
  });
});

test("policy documents are written as the provider writes them", () => {
  const statements = [
    {
      actions: ["s3:GetObject"],
      resources: ["a", "b"],
      principals: [{ type: "Service", identifiers: ["x.amazonaws.com"] }],
      conditions: [
        { test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] },
        { test: "StringEquals", variable: "aws:SourceArn", values: ["2"] },
      ],
    },
  ];
  const { json } = answerInvoke("aws:iam/getPolicyDocument:getPolicyDocument", { statements }, context);
  expect(JSON.parse(String(json))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: ["a", "b"],
        Principal: { Service: "x.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "1", "aws:SourceArn": "2" } },
      },
    ],
  });
  expect(() => answerInvoke("aws:iam/getPolicyDocument:getPolicyDocument", { sourceJson: "{}" }, context)).toThrow(
    "sourceJson",
  );
});

test.each([
  [
    "aws:cloudwatch/eventRule:EventRule",
    { name: "r", eventBusName: "bus" },
    { id: "bus/r", arn: "arn:aws:events:eu-west-1:123456789012:rule/bus/r" },
  ],
  [
    "aws:cloudwatch/eventRule:EventRule",
    { name: "r" },
    { id: "r", arn: "arn:aws:events:eu-west-1:123456789012:rule/r" },
  ],
  [
    "aws:glue/catalogTable:CatalogTable",
    { name: "t", databaseName: "d" },
    { id: "123456789012:d:t", arn: "arn:aws:glue:eu-west-1:123456789012:table/d/t" },
  ],
  [
    "aws:scheduler/schedule:Schedule",
    { name: "s" },
    { id: "default/s", arn: "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/s" },
  ],
  [
    "aws:kms/alias:Alias",
    { name: "alias/a", targetKeyId: "k" },
    { id: "alias/a", arn: "arn:aws:kms:eu-west-1:123456789012:alias/a" },
  ],
  ["aws:sns/topic:Topic", { region: "us-east-1" }, { id: "arn:aws:sns:us-east-1:123456789012:it-2ad8a70" }],
])("%s has the outputs that AWS gives it", (type, inputs, expected) => {
  const { id, outputs } = synthesise(type, "it", inputs, context);
  expect({ id, ...outputs }).toMatchObject(expected);
});

test("Pulumi's wire format becomes plain values", () => {
  const sig = "4dabf18193072939515e22adb298388d";
  const wire = {
    secret: { [sig]: "1b47061264138c4ac30d75fd1eb44270", value: { deep: [1] } },
    reference: { [sig]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x", id: "1" },
    file: { [sig]: "c44067f5952c0a294b673a41bacd8c17", path: "a.txt" },
  };
  expect(plain(wire, "/base")).toEqual({
    secret: { deep: [1] },
    reference: "urn:x",
    file: { kind: "file", path: "/base/a.txt" },
  });
  expect(() => plain({ [sig]: "other" }, "/")).toThrow("unknown kind other");
});
