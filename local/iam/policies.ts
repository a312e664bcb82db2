import type { GraphResource, ResourceGraph } from "../graph/resource.ts";
import { type PolicyOrigin, parsePolicy, type Statement } from "./statement.ts";

/** A role of the graph with everything that says what it may do. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly trust: readonly Statement[];
  readonly policies: readonly Policy[];
}

/** An identity policy of a role. */
export interface Policy {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** Every policy of the graph. */
export interface Policies {
  /** By role ARN. */
  readonly roles: ReadonlyMap<string, Role>;
  /** By ARN of the resource (the bucket's, for objects). */
  readonly resources: ReadonlyMap<string, readonly Statement[]>;
}

/** IAM types that the evaluator decides by; any other `aws:iam/...` type is refused by name. */
const IDENTITY_TYPES = [
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
] as const;

type ResourcePolicies = (
  resource: GraphResource,
  graph: ResourceGraph,
) => { arn: string; document: unknown } | undefined;

const RESOURCE_POLICIES: Readonly<Record<string, ResourcePolicies>> = {
  "aws:s3/bucketPolicy:BucketPolicy": (it) => ({
    arn: `arn:aws:s3:::${text(it, "bucket")}`,
    document: it.outputs["policy"],
  }),
  "aws:kms/key:Key": (it, graph) => ({
    arn: text(it, "arn"),
    document: it.inputs["policy"] ?? delegateToAccount(graph),
  }),
  "aws:sns/topic:Topic": (it) => optional(it, text(it, "arn")),
  "aws:sns/topicPolicy:TopicPolicy": (it) => ({ arn: text(it, "arn"), document: it.outputs["policy"] }),
  "aws:sqs/queue:Queue": (it) => optional(it, text(it, "arn")),
  "aws:sqs/queuePolicy:QueuePolicy": (it, graph) => ({
    arn: arnOf(graph, "aws:sqs/queue:Queue", ["url", "id"], text(it, "queueUrl"), it),
    document: it.outputs["policy"],
  }),
  "aws:kinesis/resourcePolicy:ResourcePolicy": (it) => ({
    arn: text(it, "resourceArn"),
    document: it.outputs["policy"],
  }),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": (it, graph) => ({
    arn: `arn:aws:events:${graph.region}:${graph.account}:event-bus/${it.outputs["eventBusName"] ?? "default"}`,
    document: it.outputs["policy"],
  }),
  "aws:lambda/permission:Permission": (it, graph) => ({
    arn: functionArn(graph, it),
    document: lambdaPermission(it, graph),
  }),
};

/** Policies that exist in AWS and that the evaluator does not read: refused, or it would decide without them. */
const UNREAD_POLICIES = new Set([
  "aws:cloudwatch/eventPermission:EventPermission",
  "aws:glue/resourcePolicy:ResourcePolicy",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:kms/grant:Grant",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
]);

/** Pulumi types that the evaluator runs. */
export const iamTypes: readonly string[] = [
  ...IDENTITY_TYPES,
  ...Object.keys(RESOURCE_POLICIES).filter((type) => /(Policy|Permission)$/.test(type)),
];

/**
 * Collects the policies of the graph.
 * @throws Error naming what is malformed, misspelt or not implemented; all findings at once.
 */
export function collectPolicies(graph: ResourceGraph): Policies {
  const findings: string[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      findings.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const parse = (document: unknown, origin: PolicyOrigin): readonly Statement[] =>
    attempt(() => parsePolicy(document, origin)) ?? [];

  const roles = new Map<string, Role>();
  const resources = new Map<string, Statement[]>();
  for (const resource of graph.resources) {
    if (resource.type === "aws:iam/role:Role") {
      const role = attempt(() => roleOf(resource, graph, parse));
      if (role !== undefined) roles.set(role.arn, role);
    } else if (resource.type.startsWith("aws:iam/") && !IDENTITY_TYPES.some((type) => type === resource.type)) {
      findings.push(`${resource.name}: ${resource.type} is not implemented`);
    } else if (UNREAD_POLICIES.has(resource.type)) {
      findings.push(`${resource.name}: ${resource.type} is not implemented`);
    }
    const policy = attempt(() => RESOURCE_POLICIES[resource.type]?.(resource, graph));
    if (policy !== undefined) {
      const statements = parse(policy.document, { name: `resource policy ${resource.name}`, kind: "resource" });
      resources.set(policy.arn, [...(resources.get(policy.arn) ?? []), ...statements]);
    }
  }
  const statements = [...[...roles.values()].flatMap((role) => role.trust), ...[...resources.values()].flat()];
  for (const arn of new Set(statements.flatMap((statement) => [...(statement.principals?.arns ?? [])]))) {
    if (arn.startsWith(`arn:aws:iam::${graph.account}:role/`) && !roles.has(arn)) {
      findings.push(`a policy names the role ${arn}, which the graph does not have`);
    }
  }
  if (findings.length > 0) throw new Error(`IAM policies of the program:\n  ${findings.join("\n  ")}`);
  return { roles, resources };
}

function roleOf(
  resource: GraphResource,
  graph: ResourceGraph,
  parse: (document: unknown, origin: PolicyOrigin) => readonly Statement[],
): Role {
  const name = text(resource, "name");
  if (resource.inputs["permissionsBoundary"] !== undefined) {
    throw new Error(`role ${name}: permissionsBoundary is not implemented`);
  }
  const policy = (label: string, document: unknown): Policy => ({
    name: label,
    statements: parse(document, { name: `role ${name}, policy ${label}`, kind: "identity" }),
  });
  const inline = array(resource.inputs["inlinePolicies"]).map((entry) => {
    const { name: label, policy: document } = Object(entry);
    return policy(String(label), document);
  });
  const own = graph.resources
    .filter((it) => it.type === "aws:iam/rolePolicy:RolePolicy" && isRole(it.outputs["role"], resource))
    .map((it) => policy(it.name, it.outputs["policy"]));
  const attached = graph.resources
    .filter(
      (it) => it.type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && isRole(it.outputs["role"], resource),
    )
    .map((it) => text(it, "policyArn"));
  const managed = [...array(resource.inputs["managedPolicyArns"]).map(String), ...attached].map((arn) => {
    const found = graph.resources.find((it) => it.type === "aws:iam/policy:Policy" && it.outputs["arn"] === arn);
    if (found === undefined)
      throw new Error(`role ${name}: managed policy ${arn} is not in the graph; write what it grants`);
    return policy(found.name, found.outputs["policy"]);
  });
  return {
    arn: text(resource, "arn"),
    name,
    tags: Object.fromEntries(Object.entries(Object(resource.inputs["tags"] ?? {})).map(([k, v]) => [k, String(v)])),
    trust: parse(resource.outputs["assumeRolePolicy"], { name: `role ${name}, trust policy`, kind: "trust" }),
    policies: [...inline, ...own, ...managed],
  };
}

/** A role is referred to by its name, which is also its id. */
function isRole(reference: unknown, role: GraphResource): boolean {
  return reference === role.outputs["name"] || reference === role.id || reference === role.outputs["arn"];
}

/** The policy that KMS gives a key created without one. */
function delegateToAccount(graph: ResourceGraph): unknown {
  const root = `arn:aws:iam::${graph.account}:root`;
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" }],
  };
}

function lambdaPermission(it: GraphResource, graph: ResourceGraph): unknown {
  const known = new Set(["action", "function", "principal", "sourceArn", "sourceAccount", "statementId", "region"]);
  for (const [key, value] of Object.entries(it.inputs)) {
    if (!known.has(key) && value !== undefined && !key.startsWith("__")) {
      throw new Error(`${it.name}: aws:lambda/permission:Permission ${key} is not implemented`);
    }
  }
  const principal = text(it, "principal");
  const { sourceArn, sourceAccount } = it.inputs;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: principal.endsWith(".amazonaws.com") ? { Service: principal } : { AWS: principal },
        Action: text(it, "action"),
        Resource: functionArn(graph, it),
        Condition: {
          ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
          ...(sourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": sourceAccount } }),
        },
      },
    ],
  };
}

function functionArn(graph: ResourceGraph, permission: GraphResource): string {
  const fields = ["name", "arn", "id"];
  return arnOf(graph, "aws:lambda/function:Function", fields, text(permission, "function"), permission);
}

function arnOf(
  graph: ResourceGraph,
  type: string,
  fields: readonly string[],
  reference: string,
  by: GraphResource,
): string {
  const found = graph.resources.find(
    (it) => it.type === type && (it.id === reference || fields.some((field) => it.outputs[field] === reference)),
  );
  if (found === undefined) throw new Error(`${by.name}: ${reference} is not in the graph`);
  return text(found, "arn");
}

function optional(it: GraphResource, arn: string): { arn: string; document: unknown } | undefined {
  const document = it.inputs["policy"];
  return document === undefined ? undefined : { arn, document };
}

function text(resource: GraphResource, field: string): string {
  const value = resource.outputs[field] ?? resource.inputs[field];
  if (typeof value !== "string") throw new Error(`${resource.name} (${resource.type}): ${field} is not text`);
  return value;
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
