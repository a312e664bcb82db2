import type { RequestContext } from "./condition.ts";
import type { Policies, Role } from "./policies.ts";
import type { Statement } from "./statement.ts";

/** Who asks: a session of a role, or an AWS service in its own name. */
export type Caller =
  | { readonly kind: "role"; readonly role: Role; readonly sessionArn: string }
  | { readonly kind: "service"; readonly service: string };

/** One Allow of a role's policy that spoke for a decision. */
export interface GrantUse {
  readonly role: Role;
  readonly policy: string;
  readonly statement: Statement;
  /** Action pattern as written in the policy. */
  readonly action: string;
}

/** What IAM answers, with the wording's reason. */
export type Decision =
  | { readonly allowed: true; readonly grants: readonly GrantUse[] }
  | { readonly allowed: false; readonly reason: string };

/** One question to the evaluator. */
export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/**
 * Decides by the rules of one account: an explicit deny wins; otherwise one allow is enough, of the identity or of the
 * resource. A KMS key's policy and a role's trust must speak for the caller themselves or delegate to the account.
 */
export function decide(policies: Policies, account: string, question: Question): Decision {
  const { caller, action, resource, context } = question;
  const lookup = (key: string): string | undefined => context.get(key)?.[0];
  const applies = (statement: Statement): boolean =>
    statement.actions.some((entry) => entry.matches(action, lookup)) !== statement.notAction &&
    statement.matchesResource(resource, lookup) &&
    statement.conditions.every((condition) => condition.holds(context, lookup));

  const trustOf = action === "sts:AssumeRole" ? policies.roles.get(resource) : undefined;
  const guarded = resource.startsWith("arn:aws:kms:") || action === "sts:AssumeRole";
  const onResource = (trustOf?.trust ?? policies.resources.get(policyOwner(resource)) ?? []).filter(applies);
  const fit = onResource.map((statement) => ({ statement, by: principalFit(statement, caller, account) }));
  const kind = action === "sts:AssumeRole" ? "role trust" : "resource-based";
  if (fit.some(({ statement, by }) => statement.effect === "Deny" && by !== "none")) {
    return denied(
      action === "sts:AssumeRole"
        ? "with an explicit deny in the role trust policy"
        : `with an explicit deny in a ${kind} policy`,
    );
  }
  const grants = caller.kind === "role" ? identityGrants(caller.role, applies, action, lookup) : [];
  if (grants === "deny") return denied("with an explicit deny in an identity-based policy");

  const allows = fit.filter(({ statement }) => statement.effect === "Allow");
  if (allows.some(({ by }) => by === "direct")) return { allowed: true, grants };
  const delegated = allows.some(({ by }) => by === "account");
  if (caller.kind === "service" || (guarded && !delegated)) {
    return denied(`because no ${kind} policy allows the ${action} action`);
  }
  if (grants.length > 0) return { allowed: true, grants };
  return denied(`because no identity-based policy allows the ${action} action`);
}

function denied(reason: string): Decision {
  return { allowed: false, reason };
}

function identityGrants(
  role: Role,
  applies: (statement: Statement) => boolean,
  action: string,
  lookup: (key: string) => string | undefined,
): readonly GrantUse[] | "deny" {
  const grants: GrantUse[] = [];
  for (const policy of role.policies) {
    for (const statement of policy.statements) {
      if (!applies(statement)) continue;
      if (statement.effect === "Deny") return "deny";
      for (const entry of statement.actions) {
        if (statement.notAction || entry.matches(action, lookup)) {
          grants.push({ role, policy: policy.name, statement, action: entry.pattern });
        }
      }
    }
  }
  return grants;
}

/** `direct`: the caller itself is meant. `account`: the account is, so that its identity policies decide. */
function principalFit(statement: Statement, caller: Caller, account: string): "direct" | "account" | "none" {
  const principals = statement.principals;
  if (principals === undefined) return "none";
  if (principals.everyone) return "direct";
  if (caller.kind === "service") return principals.services.has(caller.service) ? "direct" : "none";
  if (principals.arns.has(caller.role.arn) || principals.arns.has(caller.sessionArn)) return "direct";
  return principals.accounts.has(account) ? "account" : "none";
}

/** ARN under which a resource's policy is kept: an object's bucket, a function without its version. */
function policyOwner(resource: string): string {
  if (resource.startsWith("arn:aws:s3:::")) {
    const slash = resource.indexOf("/");
    return slash === -1 ? resource : resource.slice(0, slash);
  }
  if (resource.startsWith("arn:aws:lambda:")) return resource.split(":").slice(0, 7).join(":");
  return resource;
}
