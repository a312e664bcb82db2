import { type Condition, compileCondition, knowsVariable } from "./condition.ts";
import { compileGlob, globsOverlap, type Lookup, type Matcher, tokenize } from "./glob.ts";
import { actionsOf, resourcePatternsOf } from "./vocabulary.ts";

/** Who a resource or trust policy speaks of. */
export interface Principals {
  readonly everyone: boolean;
  /** Role and session ARNs. */
  readonly arns: ReadonlySet<string>;
  /** Accounts by number: `root` of an account delegates to its identity policies. */
  readonly accounts: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** One statement, ready to be asked. */
export interface Statement {
  /** `Sid`, or its position in the policy counted from 1. */
  readonly id: string;
  readonly effect: "Allow" | "Deny";
  /** Action patterns as written, with what they match. */
  readonly actions: readonly { readonly pattern: string; readonly matches: Matcher }[];
  readonly notAction: boolean;
  readonly resources: readonly string[];
  readonly matchesResource: (resource: string, lookup: Lookup) => boolean;
  readonly conditions: readonly Condition[];
  /** Set in resource and trust policies only. */
  readonly principals?: Principals;
}

/** Where a policy stands, for messages, and what it may contain. */
export interface PolicyOrigin {
  /** E.g. `role refresh, policy athena`. */
  readonly name: string;
  /** `identity` has no principals; in a `trust` policy the resource is the role itself. */
  readonly kind: "identity" | "resource" | "trust";
}

const ELEMENTS = new Set(["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"]);

/**
 * Reads a policy document.
 * @throws Error naming the policy, the statement and what in it is unknown, misspelt or not implemented.
 */
export function parsePolicy(document: unknown, origin: PolicyOrigin): readonly Statement[] {
  const policy = record(typeof document === "string" ? parseJson(document, origin) : document);
  if (policy === undefined) throw new Error(`${origin.name}: the policy is not a JSON object`);
  for (const key of Object.keys(policy)) {
    if (key !== "Version" && key !== "Id" && key !== "Statement")
      throw new Error(`${origin.name}: unknown element ${key}`);
  }
  if (policy["Version"] !== "2012-10-17") throw new Error(`${origin.name}: Version must be "2012-10-17"`);
  return list(policy["Statement"]).map((entry, index) => {
    const statement = record(entry);
    if (statement === undefined) throw new Error(`${origin.name}: statement ${index + 1} is not an object`);
    const id = typeof statement["Sid"] === "string" ? statement["Sid"] : String(index + 1);
    try {
      return parseStatement(statement, id, origin);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${origin.name}, statement ${id}: ${reason}`, { cause: error });
    }
  });
}

function parseJson(text: string, origin: PolicyOrigin): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${origin.name}: the policy is not JSON`, { cause: error });
  }
}

function parseStatement(statement: Readonly<Record<string, unknown>>, id: string, origin: PolicyOrigin): Statement {
  for (const key of Object.keys(statement)) {
    if (!ELEMENTS.has(key)) throw new Error(`element ${key} is not implemented`);
  }
  const effect = statement["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw new Error(`Effect must be Allow or Deny`);
  const notAction = statement["NotAction"] !== undefined;
  if (notAction === (statement["Action"] !== undefined)) throw new Error("needs either Action or NotAction");
  const actions = strings(statement[notAction ? "NotAction" : "Action"], "Action");
  const meant = actions.flatMap((pattern) => {
    if (pattern === "*") return [];
    const found = actionsOf(pattern);
    if (found.length === 0) throw new Error(`action ${pattern} does not exist`);
    return found;
  });
  const { resources, matchesResource } = parseResources(statement, origin);
  if (effect === "Allow" && !notAction && statement["Resource"] !== undefined) checkTargets(meant, resources);
  const base = {
    id,
    effect,
    actions: actions.map((pattern) => ({ pattern, matches: compileGlob(pattern, "text", true) })),
    notAction,
    resources,
    matchesResource,
    conditions: parseConditions(statement["Condition"]),
  } as const;
  if (origin.kind === "identity") {
    if (statement["Principal"] !== undefined) throw new Error("an identity policy has no Principal");
    return base;
  }
  return { ...base, principals: parsePrincipals(statement["Principal"]) };
}

function parseResources(
  statement: Readonly<Record<string, unknown>>,
  origin: PolicyOrigin,
): Pick<Statement, "resources" | "matchesResource"> {
  const not = statement["NotResource"] !== undefined;
  if (origin.kind === "trust") {
    if (not || statement["Resource"] !== undefined) throw new Error("a trust policy has no Resource");
    return { resources: [], matchesResource: () => true };
  }
  if (not === (statement["Resource"] !== undefined)) throw new Error("needs either Resource or NotResource");
  const resources = strings(statement[not ? "NotResource" : "Resource"], "Resource");
  for (const resource of resources) {
    if (resource !== "*" && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:./.test(resource)) {
      throw new Error(`resource ${resource} is not an ARN`);
    }
    for (const token of tokenize(resource)) {
      if (token.kind === "variable" && !knowsVariable(token.key)) {
        throw new Error(`policy variable \${${token.key}} is not provided by the local runtime`);
      }
    }
  }
  const matchers = resources.map((resource) => compileGlob(resource, resource === "*" ? "text" : "arn"));
  return {
    resources,
    matchesResource: (resource, lookup) => matchers.some((matches) => matches(resource, lookup)) !== not,
  };
}

/** An action whose resource types fit none of the statement's resources is as useless as a misspelt one. */
function checkTargets(actions: readonly string[], resources: readonly string[]): void {
  if (resources.includes("*")) return;
  for (const action of actions) {
    const patterns = resourcePatternsOf(action);
    if (patterns.some((pattern) => resources.some((resource) => globsOverlap(pattern, resource)))) continue;
    const target = patterns.length === 0 ? "*" : patterns.join(" or ");
    throw new Error(`action ${action} applies to ${target}, not to ${resources.join(", ")}`);
  }
}

function parseConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  const operators = record(value);
  if (operators === undefined) throw new Error("Condition is not an object");
  return Object.entries(operators).flatMap(([operator, entry]) => {
    const keys = record(entry);
    if (keys === undefined) throw new Error(`Condition ${operator} is not an object`);
    return Object.entries(keys).map(([key, values]) => {
      const texts = list(values).map((item) => {
        if (typeof item !== "string" && typeof item !== "number" && typeof item !== "boolean") {
          throw new Error(`Condition ${operator} ${key} has a value that is neither text, number nor boolean`);
        }
        return String(item);
      });
      for (const token of texts.flatMap((text) => tokenize(text))) {
        if (token.kind === "variable" && !knowsVariable(token.key)) {
          throw new Error(`policy variable \${${token.key}} is not provided by the local runtime`);
        }
      }
      return compileCondition(operator, key, texts);
    });
  });
}

function parsePrincipals(value: unknown): Principals {
  const arns = new Set<string>();
  const accounts = new Set<string>();
  const services = new Set<string>();
  let everyone = value === "*";
  if (!everyone) {
    const kinds = record(value);
    if (kinds === undefined) throw new Error("needs a Principal");
    for (const [kind, entry] of Object.entries(kinds)) {
      for (const name of strings(entry, `Principal ${kind}`)) {
        const account = /^(?:(\d{12})|arn:[^:]+:iam::(\d{12}):root)$/.exec(name);
        if (kind === "Service") services.add(name);
        else if (kind !== "AWS") throw new Error(`Principal ${kind} is not implemented`);
        else if (name === "*") everyone = true;
        else if (account !== null) accounts.add(account[1] ?? account[2] ?? "");
        else if (/^arn:[^:]+:(iam::\d{12}:role|sts::\d{12}:assumed-role)\/[^*]+$/.test(name)) arns.add(name);
        else throw new Error(`Principal ${name} is not implemented: roles, role sessions and account roots are`);
      }
    }
  }
  return { everyone, arns, accounts, services };
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function strings(value: unknown, what: string): readonly string[] {
  const items = list(value);
  if (items.length === 0) throw new Error(`${what} is empty`);
  return items.map((item) => {
    if (typeof item !== "string") throw new Error(`${what} has an entry that is not text`);
    return item;
  });
}
