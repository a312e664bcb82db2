import type { GraphResource, ResourceGraph } from "../../local/graph/resource.ts";

/** Every string of a value, JSON texts opened, with its path. */
export function* stringsOf(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === "string") {
    const opened = jsonOf(value);
    if (opened === undefined) yield [path, value];
    else yield* stringsOf(opened, `${path}{}`);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* stringsOf(item, `${path}[${index}]`);
  } else if (typeof value === "object" && value !== null) {
    // A bundle's code holds texts that look like ARNs; it is checked by running it.
    if ("kind" in value && (value.kind === "text" || value.kind === "archive" || value.kind === "file")) return;
    for (const [key, item] of Object.entries(value)) yield* stringsOf(item, `${path}.${key}`);
  }
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * ARNs of the estate's own account, region or names that no resource of the graph answers to: `<where>: <arn>`.
 * @param prefix physical names of the estate begin with it
 */
export function danglingArns(graph: ResourceGraph, prefix: string): string[] {
  const known = knownArns(graph);
  return graph.resources.flatMap((resource) =>
    [...stringsOf(resource.inputs, resource.name)].flatMap(([path, text]) =>
      [...text.matchAll(/arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s"'`,;)}\]]+/g)].flatMap(([arn]) =>
        ours(arn, graph, prefix) && !answers(arn, known) ? [`${path}: ${arn}`] : [],
      ),
    ),
  );
}

function ours(arn: string, { account }: ResourceGraph, prefix: string): boolean {
  return arn.includes(account) || arn.startsWith(`arn:aws:s3:::${prefix}`);
}

/** A known ARN, one below it (objects, log streams), or a pattern that matches a known one. */
function answers(arn: string, known: ReadonlySet<string>): boolean {
  if (known.has(arn)) return true;
  const parent = [...known].some((candidate) => arn.startsWith(`${candidate}/`) || arn.startsWith(`${candidate}:`));
  if (parent) return true;
  if (!arn.includes("*")) return false;
  const pattern = new RegExp(`^${arn.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}`);
  return [...known].some((candidate) => pattern.test(candidate));
}

function knownArns({ resources, account, region }: ResourceGraph): Set<string> {
  const arns = new Set([
    `arn:aws:iam::${account}:root`,
    `arn:aws:glue:${region}:${account}:catalog`,
    // Every catalogue has it.
    `arn:aws:glue:${region}:${account}:database/default`,
    // Every account has it.
    `arn:aws:events:${region}:${account}:event-bus/default`,
    // Glue makes the log groups of its own runs.
    `arn:aws:logs:${region}:${account}:log-group:/aws-glue/data-quality`,
  ]);
  for (const resource of resources) {
    const { arn } = resource.outputs;
    if (typeof arn === "string") arns.add(arn);
    for (const derived of derivedArns(resource, region, account)) arns.add(derived);
  }
  return arns;
}

function derivedArns({ type, outputs }: GraphResource, region: string, account: string): string[] {
  if (type === "aws:sfn/stateMachine:StateMachine")
    return [`arn:aws:states:${region}:${account}:execution:${outputs["name"]}`];
  return [];
}
