import type { Integration } from "./machine.ts";

/** SDK id in a Task's resource -> signing name on this machine and prefix of its error names. */
const sdkServices: Readonly<Record<string, { readonly service: string; readonly errors: string }>> = {
  athena: { service: "athena", errors: "Athena" },
  eventbridge: { service: "events", errors: "EventBridge" },
  firehose: { service: "firehose", errors: "Firehose" },
  glue: { service: "glue", errors: "Glue" },
  kinesis: { service: "kinesis", errors: "Kinesis" },
  kms: { service: "kms", errors: "Kms" },
  lambda: { service: "lambda", errors: "Lambda" },
  scheduler: { service: "scheduler", errors: "Scheduler" },
  sesv2: { service: "ses", errors: "SesV2" },
  sfn: { service: "states", errors: "Sfn" },
  sns: { service: "sns", errors: "Sns" },
  sqs: { service: "sqs", errors: "Sqs" },
  sts: { service: "sts", errors: "Sts" },
};

/** Optimised integrations that are one plain call. */
const optimised: Readonly<Record<string, Integration>> = {
  "lambda:invoke": { kind: "lambda" },
  "athena:startQueryExecution.sync": { kind: "athena-sync" },
  "sns:publish": { kind: "call", service: "sns", operation: "Publish", errors: "SNS", resourceType: "sns", sdk: false },
  "events:putEvents": {
    kind: "call",
    service: "events",
    operation: "PutEvents",
    errors: "EventBridge",
    resourceType: "events",
    sdk: false,
  },
  "athena:startQueryExecution": {
    kind: "call",
    service: "athena",
    operation: "StartQueryExecution",
    errors: "Athena",
    resourceType: "athena",
    sdk: false,
  },
  "athena:getQueryExecution": {
    kind: "call",
    service: "athena",
    operation: "GetQueryExecution",
    errors: "Athena",
    resourceType: "athena",
    sdk: false,
  },
  "athena:getQueryResults": {
    kind: "call",
    service: "athena",
    operation: "GetQueryResults",
    errors: "Athena",
    resourceType: "athena",
    sdk: false,
  },
};

/**
 * Reads a Task's `Resource`.
 * @throws Error that names what the local interpreter does not have.
 */
export function integrationOf(resource: string): Integration {
  const match = /^arn:aws[a-z-]*:states:::(.+)$/.exec(resource);
  const path = match?.[1];
  if (path === undefined)
    throw new Error(
      `Resource ${resource} is not implemented locally; call a function through arn:aws:states:::lambda:invoke`,
    );
  const known = optimised[path];
  if (known !== undefined) return known;
  const sdk = /^aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]*)$/.exec(path);
  const [, id, operation] = sdk ?? [];
  if (id === undefined || operation === undefined) throw new Error(`Resource ${resource} is not implemented locally`);
  const target = sdkServices[id];
  if (target === undefined) throw new Error(`Resource ${resource}: the local runtime calls no service ${id}`);
  return {
    kind: "call",
    ...target,
    operation: operation.charAt(0).toUpperCase() + operation.slice(1),
    resourceType: `aws-sdk:${id}`,
    sdk: true,
  };
}

/** Type and name of a Task's resource as the history shows them. */
export function historyNames(integration: Integration): { readonly resourceType: string; readonly resource: string } {
  if (integration.kind === "lambda") return { resourceType: "lambda", resource: "invoke" };
  if (integration.kind === "athena-sync") return { resourceType: "athena", resource: "startQueryExecution.sync" };
  const { operation } = integration;
  return { resourceType: integration.resourceType, resource: operation.charAt(0).toLowerCase() + operation.slice(1) };
}
