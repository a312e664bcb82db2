import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import { objectIn, requiredText } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import { compilePattern, type Matcher } from "./pattern.ts";
import { compileInput, compilePath, type InputSettings, type RuleNames } from "./transform.ts";

/** Where an event goes. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  /** Service of the ARN: `kinesis`, `lambda`, `states`, `sns`, `sqs`, `events`. */
  readonly service: string;
  readonly roleArn?: string;
  readonly write: (event: unknown, names: RuleNames) => string;
  /** Kinesis: finds the partition key in the original event. */
  readonly partitionKey?: (event: unknown) => unknown;
  /** SQS FIFO. */
  readonly messageGroupId?: string;
  readonly deadLetterArn?: string;
  readonly retries: number;
  readonly maxAgeMs: number;
}

export interface Rule {
  readonly arn: string;
  readonly name: string;
  readonly bus: string;
  readonly pattern: string;
  readonly enabled: boolean;
  readonly matches: Matcher;
  readonly targets: readonly Target[];
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
}

export const busType = "aws:cloudwatch/eventBus:EventBus";
export const ruleType = "aws:cloudwatch/eventRule:EventRule";
export const targetType = "aws:cloudwatch/eventTarget:EventTarget";

/** Services that a target may be; the role or a resource policy lets EventBridge in. */
const targetServices = new Set(["kinesis", "lambda", "states", "sns", "sqs", "events"]);
/** Members of a target that are understood here; any other is refused by name. */
const targetMembers = new Set([
  "arn",
  "rule",
  "targetId",
  "eventBusName",
  "roleArn",
  "input",
  "inputPath",
  "inputTransformer",
  "kinesisTarget",
  "sqsTarget",
  "deadLetterConfig",
  "retryPolicy",
  "region",
  "forceDestroy",
]);

/** The account's default bus and those of the graph, by name. */
export function busesOf(graph: ResourceGraph): ReadonlyMap<string, Bus> {
  const own = graph.resources
    .filter(({ type }) => type === busType)
    .map(({ outputs }) => ({ name: requiredText(outputs, "name"), arn: requiredText(outputs, "arn") }));
  const standard = { name: "default", arn: `arn:aws:events:${graph.region}:${graph.account}:event-bus/default` };
  return new Map([standard, ...own].map((bus) => [bus.name, bus]));
}

/** Name of a bus that may be given by its ARN. */
export function busName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

/** @throws Error or NotImplementedLocally naming the rule and what is wrong or missing here. */
export function rulesOf(graph: ResourceGraph): readonly Rule[] {
  const targets = graph.resources.filter(({ type }) => type === targetType);
  return graph.resources
    .filter(({ type }) => type === ruleType)
    .map((resource) => named(resource, () => readRule(resource, targets)));
}

function readRule({ inputs, outputs }: GraphResource, targets: readonly GraphResource[]): Rule {
  const name = requiredText(outputs, "name");
  const bus = busName(textOr(inputs["eventBusName"], "default"));
  if (inputs["scheduleExpression"] !== undefined)
    throw new NotImplementedLocally("events: a rule with a schedule expression; use an aws.scheduler.Schedule");
  const pattern = requiredText(inputs, "eventPattern");
  const own = targets.filter(
    (target) => target.inputs["rule"] === name && busName(textOr(target.inputs["eventBusName"], "default")) === bus,
  );
  return {
    arn: requiredText(outputs, "arn"),
    name,
    bus,
    pattern,
    enabled: textOr(inputs["state"], "ENABLED") !== "DISABLED" && inputs["isEnabled"] !== false,
    matches: compilePattern(pattern),
    targets: own.map((target) => named(target, () => readTarget(target))),
  };
}

function readTarget({ inputs, outputs }: GraphResource): Target {
  for (const member of Object.keys(inputs)) {
    if (!targetMembers.has(member)) throw new NotImplementedLocally(`events: a target with ${member}`);
  }
  const arn = requiredText(inputs, "arn");
  const service = arn.split(":")[2] ?? "";
  if (!targetServices.has(service)) throw new NotImplementedLocally(`events: a target of service ${service}`);
  const kinesis = objectIn(inputs["kinesisTarget"]);
  const group = objectIn(inputs["sqsTarget"])?.["messageGroupId"];
  const deadLetters = objectIn(inputs["deadLetterConfig"])?.["arn"];
  const policy = objectIn(inputs["retryPolicy"]);
  const roleArn = inputs["roleArn"];
  return {
    id: requiredText(outputs, "targetId"),
    arn,
    service,
    ...(typeof roleArn === "string" ? { roleArn } : {}),
    write: compileInput(inputSettings(inputs)),
    ...(kinesis === undefined ? {} : { partitionKey: compilePath(requiredText(kinesis, "partitionKeyPath")) }),
    ...(typeof group === "string" ? { messageGroupId: group } : {}),
    ...(typeof deadLetters === "string" ? { deadLetterArn: deadLetters } : {}),
    retries: numberOr(policy?.["maximumRetryAttempts"], 185),
    maxAgeMs: numberOr(policy?.["maximumEventAgeInSeconds"], 86_400) * 1000,
  };
}

function inputSettings(inputs: Shape): InputSettings {
  const transformer = objectIn(inputs["inputTransformer"]);
  const paths = Object.entries(objectIn(transformer?.["inputPaths"]) ?? {}).flatMap(([name, path]) =>
    typeof path === "string" ? [[name, path] as const] : [],
  );
  return {
    ...(typeof inputs["input"] === "string" ? { input: inputs["input"] } : {}),
    ...(typeof inputs["inputPath"] === "string" ? { inputPath: inputs["inputPath"] } : {}),
    ...(transformer === undefined
      ? {}
      : {
          inputTransformer: {
            inputPaths: Object.fromEntries(paths),
            inputTemplate: requiredText(transformer, "inputTemplate"),
          },
        }),
  };
}

function named<T>(resource: GraphResource, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error) error.message = `${resource.urn}: ${error.message}`;
    throw error;
  }
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}
