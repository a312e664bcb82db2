import { describe, expect, test } from "vitest";
import type { GraphResource } from "../graph/resource.ts";
import { ACCOUNT, policyOf, REGION, resourceOf, roleArn, roleOf } from "./graph-fixture.ts";
import { callOf, iamOf, STREAM } from "./iam-fixture.ts";
import type { Iam } from "./index.ts";

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:transform`;
const RULE = `arn:aws:events:${REGION}:${ACCOUNT}:rule/nightly`;

const bucketPolicy = (...statements: readonly Readonly<Record<string, unknown>>[]): GraphResource =>
  resourceOf("aws:s3/bucketPolicy:BucketPolicy", "lake", { bucket: "lake", policy: policyOf(...statements) });

describe("identity policies", () => {
  const put = { Effect: "Allow", Action: "kinesis:PutRecords", Resource: STREAM };

  test("allow, and deny in AWS's words", () => {
    const producer = callOf(iamOf(roleOf("producer", [put])), "producer");
    expect(() => producer.authorize("kinesis:PutRecords", STREAM)).not.toThrow();
    expect(() => producer.authorize("kinesis:PutRecord", STREAM)).toThrow(
      expect.objectContaining({
        code: "AccessDeniedException",
        status: 400,
        message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/producer/local is not authorized to perform: kinesis:PutRecord on resource: ${STREAM} because no identity-based policy allows the kinesis:PutRecord action`,
      }),
    );
    expect(() => producer.authorize("kinesis:PutRecords", `${STREAM}2`)).toThrow("no identity-based policy");
  });

  test("an explicit deny wins", () => {
    const deny = { Effect: "Deny", Action: "kinesis:Put*", Resource: "*" };
    const producer = callOf(iamOf(roleOf("producer", [put, deny])), "producer");
    expect(() => producer.authorize("kinesis:PutRecords", STREAM)).toThrow(
      /on resource: \S+ with an explicit deny in an identity-based policy$/,
    );
  });

  test("NotAction and NotResource", () => {
    const iam = iamOf(roleOf("r", [{ Effect: "Allow", NotAction: "kinesis:Delete*", NotResource: `${STREAM}2` }]));
    const role = callOf(iam, "r");
    expect(() => role.authorize("kinesis:PutRecords", STREAM)).not.toThrow();
    expect(() => role.authorize("kinesis:DeleteStream", STREAM)).toThrow("kinesis:DeleteStream");
    expect(() => role.authorize("kinesis:PutRecords", `${STREAM}2`)).toThrow("stream/events2");
  });

  test("rolePolicy and attached customer policies count; a managed policy of AWS is refused", () => {
    const policy = resourceOf("aws:iam/policy:Policy", "shared", { policy: policyOf(put) }, { arn: "arn:p" });
    const attachment = (policyArn: string): GraphResource =>
      resourceOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attach", { role: "b", policyArn });
    const own = resourceOf("aws:iam/rolePolicy:RolePolicy", "own", { role: "a", policy: policyOf(put) });
    const iam = iamOf(roleOf("a", []), roleOf("b", []), own, policy, attachment("arn:p"));
    expect(() => callOf(iam, "a").authorize("kinesis:PutRecords", STREAM)).not.toThrow();
    expect(() => callOf(iam, "b").authorize("kinesis:PutRecords", STREAM)).not.toThrow();
    const aws = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
    expect(() => iamOf(roleOf("b", []), attachment(aws))).toThrow(`role b: managed policy ${aws} is not in the graph`);
  });

  test("principal tags reach variables, the request's context reaches conditions", () => {
    const statement = {
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: "arn:aws:s3:::lake",
      Condition: { StringLike: { "s3:prefix": ["raw/", ["raw/$", "{aws:PrincipalTag/team}/*"].join("")] } },
    };
    const role = roleOf("r", [statement]);
    const iam = iamOf({ ...role, inputs: { ...role.inputs, tags: { team: "growth" } } });
    const list = (prefix: string) => () =>
      callOf(iam, "r").authorize("s3:ListBucket", "arn:aws:s3:::lake", { "s3:prefix": prefix });
    expect(list("raw/growth/x")).not.toThrow();
    expect(list("raw/")).not.toThrow();
    expect(list("raw/finance/x")).toThrow("s3:ListBucket");
  });
});

describe("resource policies in one account", () => {
  const tlsOnly = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const read = (principal: unknown) => ({
    Effect: "Allow",
    Principal: principal,
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::lake/*",
  });
  const get = (iam: Iam) => () => callOf(iam, "reader").authorize("s3:GetObject", "arn:aws:s3:::lake/a");

  test.each<[string, GraphResource, boolean]>([
    ["naming the role is enough", bucketPolicy(read({ AWS: roleArn("reader") })), true],
    [
      "naming the session is enough",
      bucketPolicy(read({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/local` })),
      true,
    ],
    ["everyone is enough", bucketPolicy(read("*")), true],
    [
      "naming the account lets identity policies decide",
      bucketPolicy(read({ AWS: `arn:aws:iam::${ACCOUNT}:root` })),
      false,
    ],
    ["a service is somebody else", bucketPolicy(read({ Service: "athena.amazonaws.com" })), false],
    ["a TLS-only deny does not fire here", bucketPolicy(tlsOnly, read("*")), true],
  ])("%s", (_, policy, allowed) => {
    const iam = iamOf(roleOf("reader", []), policy);
    if (allowed) expect(get(iam)).not.toThrow();
    else expect(get(iam)).toThrow("because no identity-based policy allows the s3:GetObject action");
  });

  test("a deny in the bucket policy beats the role's allow", () => {
    const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::lake/*" };
    const deny = { ...read("*"), Effect: "Deny" };
    expect(get(iamOf(roleOf("reader", [allow]), bucketPolicy(deny)))).toThrow(
      "with an explicit deny in a resource-based policy",
    );
  });
});

describe("trust and service principals", () => {
  const trust = (condition?: unknown) =>
    resourceOf(
      "aws:iam/role:Role",
      "delivery",
      {
        name: "delivery",
        assumeRolePolicy: policyOf({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "firehose.amazonaws.com" },
          ...(condition === undefined ? {} : { Condition: condition }),
        }),
        inlinePolicies: [
          { name: "own", policy: policyOf({ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION }) },
        ],
      },
      { arn: roleArn("delivery") },
    );
  const source = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/raw`;

  test("a service acts under a role that trusts it, and only then", () => {
    const iam = iamOf(trust({ StringEquals: { "aws:SourceAccount": ACCOUNT }, ArnLike: { "aws:SourceArn": source } }));
    const assumed = iam.assume(roleArn("delivery"), "firehose.amazonaws.com", source);
    expect(assumed.principal).toEqual({
      roleArn: roleArn("delivery"),
      sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/delivery/raw`,
      viaService: "firehose.amazonaws.com",
    });
    expect(() => assumed.authorize("lambda:InvokeFunction", FUNCTION)).not.toThrow();
    expect(() => iam.assume(roleArn("delivery"), "lambda.amazonaws.com", source)).toThrow(
      `User: lambda.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${roleArn("delivery")} because no role trust policy allows the sts:AssumeRole action`,
    );
    expect(() => iam.assume(roleArn("delivery"), "firehose.amazonaws.com", `${source}2`)).toThrow("sts:AssumeRole");
    expect(() => iam.assume(roleArn("nobody"), "firehose.amazonaws.com")).toThrow(
      `The role ${roleArn("nobody")} cannot be found.`,
    );
  });

  test("a role assumes another one that trusts the account, if its own policy lets it", () => {
    const analyst = resourceOf(
      "aws:iam/role:Role",
      "analyst",
      {
        name: "analyst",
        assumeRolePolicy: policyOf({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        }),
      },
      { arn: roleArn("analyst") },
    );
    const may = { Effect: "Allow", Action: "sts:AssumeRole", Resource: [roleArn("analyst"), roleArn("closed")] };
    const iam = iamOf(analyst, roleOf("closed", []), roleOf("person", [may]), roleOf("guest", []));
    const assume = (who: string, role: string) => () => callOf(iam, who).authorize("sts:AssumeRole", roleArn(role));
    expect(assume("person", "analyst")).not.toThrow();
    expect(assume("person", "closed")).toThrow("because no role trust policy allows the sts:AssumeRole action");
    expect(assume("guest", "analyst")).toThrow("because no identity-based policy allows the sts:AssumeRole action");
  });

  test("a service in its own name needs the resource's policy", () => {
    const permission = resourceOf("aws:lambda/permission:Permission", "allow-rule", {
      action: "lambda:InvokeFunction",
      function: "transform",
      principal: "events.amazonaws.com",
      sourceArn: RULE,
    });
    const fn = resourceOf("aws:lambda/function:Function", "transform", { name: "transform" }, { arn: FUNCTION });
    const iam = iamOf(fn, permission);
    const invoke = (service: string, from: string) => () =>
      iam.servicePrincipal(service, from).authorize("lambda:InvokeFunction", FUNCTION);
    expect(invoke("events.amazonaws.com", RULE)).not.toThrow();
    expect(invoke("events.amazonaws.com", `${RULE}2`)).toThrow(
      `User: events.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION} because no resource-based policy allows the lambda:InvokeFunction action`,
    );
    expect(invoke("sns.amazonaws.com", RULE)).toThrow("no resource-based policy");
  });
});

describe("what is wrong with the policies is found at load", () => {
  const allow = (statement: Readonly<Record<string, unknown>>) => () =>
    iamOf(roleOf("r", [{ Effect: "Allow", ...statement }]));

  test.each<[Readonly<Record<string, unknown>>, string]>([
    [
      { Action: "kinesis:PutRecordz", Resource: STREAM },
      "role r, policy own, statement 1: action kinesis:PutRecordz does not exist",
    ],
    [
      { Action: "kinesys:PutRecords", Resource: STREAM, Sid: "Put" },
      "role r, policy own, statement Put: action kinesys:PutRecords does not exist",
    ],
    [{ Action: "kinesis:PutRecords", Resource: "arn:aws:s3:::lake" }, "action kinesis:PutRecords applies to"],
    [{ Action: "kinesis:PutRecords", Resource: "events" }, "resource events is not an ARN"],
    [{ Action: "kinesis:PutRecords" }, "needs either Resource or NotResource"],
    [{ Action: "s3:GetObject", Resource: ["arn:aws:s3:::$", "{aws:username}/*"].join("") }, "policy variable $"],
    [{ Action: "s3:GetObject", Resource: "*", NotPrincipal: "*" }, "element NotPrincipal is not implemented"],
    [
      { Action: "s3:ListBucket", Resource: "*", Condition: { Sounds: { "s3:prefix": "a" } } },
      "condition operator Sounds is not implemented",
    ],
  ])("%j", (statement, message) => {
    expect(allow(statement)).toThrow(message);
  });

  test("users, boundaries and unknown roles are refused by name", () => {
    expect(() => iamOf(resourceOf("aws:iam/user:User", "eve", {}))).toThrow(
      "eve: aws:iam/user:User is not implemented",
    );
    const role = roleOf("r", []);
    expect(() => iamOf({ ...role, inputs: { ...role.inputs, permissionsBoundary: "arn:p" } })).toThrow(
      "role r: permissionsBoundary is not implemented",
    );
    const policy = bucketPolicy({
      Effect: "Allow",
      Principal: { AWS: roleArn("gone") },
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::lake/*",
    });
    expect(() => iamOf(policy)).toThrow(`a policy names the role ${roleArn("gone")}, which the graph does not have`);
  });

  test("asking for an action that AWS does not have is the service's mistake", () => {
    expect(() => callOf(iamOf(roleOf("r", [])), "r").authorize("kinesis:Nope", "*")).toThrow(
      "kinesis:Nope is not an IAM action of AWS",
    );
  });
});
