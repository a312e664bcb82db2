import { expect, test } from "vitest";
import { createRealClock } from "../../clock/real-clock.ts";
import { emptyPorts } from "../../ports.ts";
import type { Call, ServiceContext, Shape } from "../service.ts";
import { sts } from "./index.ts";

const roleArn = "arn:aws:iam::123456789012:role/reader";
const role = {
  urn: "urn:reader",
  type: "aws:iam/role:Role",
  name: "reader",
  custom: true,
  id: "reader",
  inputs: {},
  outputs: { name: "reader", arn: roleArn, uniqueId: "AROAREADER" },
  dependencies: [],
  propertyDependencies: {},
};

function refuse(): never {
  throw new Error("not used");
}

const context: ServiceContext = {
  graph: { project: "p", stack: "s", region: "eu-west-1", account: "123456789012", resources: [role], outputs: {} },
  clock: createRealClock(),
  home: "/nowhere",
  region: "eu-west-1",
  account: "123456789012",
  dispatch: refuse,
  assume: refuse,
  servicePrincipal: refuse,
  ports: emptyPorts(),
  metric: refuse,
  log: refuse,
  endpoint: refuse,
  environmentFor: () => ({ AWS_ACCESS_KEY_ID: "LOCALKEY", AWS_SECRET_ACCESS_KEY: "secret" }),
};

function ask(operation: string, input: Shape) {
  const asked: unknown[] = [];
  const call: Call = {
    principal: { roleArn, sessionArn: "arn:aws:sts::123456789012:assumed-role/reader/local" },
    requestId: "r",
    authorize: (...question) => void asked.push(question),
  };
  const answer = sts(context).operations[operation];
  if (answer === undefined) throw new Error(`no ${operation}`);
  return { output: answer(input, call), asked };
}

test("AssumeRole asks the trust policy and answers with the role's keys", () => {
  const { output, asked } = ask("AssumeRole", {
    RoleArn: roleArn,
    RoleSessionName: "me",
    DurationSeconds: "900",
    ExternalId: "x",
  });
  expect(output).toEqual({
    Credentials: {
      AccessKeyId: "LOCALKEY",
      SecretAccessKey: "secret",
      SessionToken: "local-me",
      Expiration: expect.any(Date),
    },
    AssumedRoleUser: { AssumedRoleId: "AROAREADER:me", Arn: "arn:aws:sts::123456789012:assumed-role/reader/me" },
  });
  expect(asked).toEqual([["sts:AssumeRole", roleArn, { "sts:ExternalId": "x" }]]);
});

test("GetCallerIdentity answers without a permission", () => {
  const { output, asked } = ask("GetCallerIdentity", {});
  expect(output).toEqual({
    UserId: "AROAREADER:local",
    Account: "123456789012",
    Arn: "arn:aws:sts::123456789012:assumed-role/reader/local",
  });
  expect(asked).toEqual([]);
});

test.each([
  [{ RoleArn: roleArn }, "RoleSessionName is missing"],
  [{ RoleArn: roleArn, RoleSessionName: "a b" }, "RoleSessionName must be"],
  [{ RoleArn: roleArn, RoleSessionName: "me", DurationSeconds: "60" }, "DurationSeconds must be from 900 to 43200"],
  [{ RoleArn: roleArn, RoleSessionName: "me", Policy: "{}" }, "does not implement sts:AssumeRole with Policy"],
])("%j is refused", (input, message) => {
  expect(() => ask("AssumeRole", input)).toThrow(message);
});
