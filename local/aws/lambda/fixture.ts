import type { GraphResource } from "../../graph/resource.ts";
import { type Bench, benchOf } from "../../iam/context-fixture.ts";
import { ACCOUNT, REGION, resourceOf, roleArn, roleOf } from "../../iam/graph-fixture.ts";
import type { Shape } from "../service.ts";
import { lambda } from "./index.ts";

export const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

/** Leave to write the function's log. */
export const LOGS = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/fn:*`,
};

/** Who invokes it. */
export const caller = roleOf("caller", [
  { Effect: "Allow", Action: ["lambda:InvokeFunction", "lambda:GetFunction"], Resource: functionArn("fn") },
]);

export const logGroup = resourceOf("aws:cloudwatch/logGroup:LogGroup", "logs", { name: "/aws/lambda/fn" });

/** The function `fn` of that code, under the role `worker`. */
export const fn = (code: string, inputs: Readonly<Record<string, unknown>> = {}): GraphResource =>
  resourceOf(
    "aws:lambda/function:Function",
    "fn",
    {
      name: "fn",
      runtime: "nodejs24.x",
      handler: "index.handler",
      role: roleArn("worker"),
      code: { kind: "archive", entries: { "index.mjs": { kind: "text", text: code } } },
      ...inputs,
    },
    { arn: functionArn("fn") },
  );

/** The function with its roles and its log. */
export const benchWith = (
  code: string,
  inputs: Shape = {},
  changes: Parameters<typeof benchOf>[2] = {},
  ...more: readonly GraphResource[]
): Bench => benchOf(lambda, [fn(code, inputs), roleOf("worker", [LOGS]), caller, logGroup, ...more], changes);
