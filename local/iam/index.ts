import { createHmac, randomUUID } from "node:crypto";
import { AwsError, type Call, type Principal } from "../aws/service.ts";
import type { Clock } from "../clock/clock.ts";
import type { ResourceGraph } from "../graph/resource.ts";
import type { RequestContext } from "./condition.ts";
import { type Caller, type Decision, decide } from "./decide.ts";
import { collectPolicies, type Policies, type Role } from "./policies.ts";
import { actionExists } from "./vocabulary.ts";

export { authorizeKey, resolveKeyArn } from "./keys.ts";
export { iamTypes } from "./policies.ts";

/** One action of one Allow statement of one role. */
export interface Grant {
  readonly roleArn: string;
  readonly role: string;
  readonly policy: string;
  /** `Sid`, or the statement's position in the policy counted from 1. */
  readonly statement: string;
  readonly action: string;
  readonly resources: readonly string[];
}

/** Access key of a role: derived, so that it survives a restart; it looks like none of AWS's. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Condition keys of a request as a service states them. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** The graph's policies, asked on every call. */
export interface Iam {
  /** @throws AwsError `NoSuchEntity` when the graph has no such role. */
  credentialsFor(roleArn: string): RoleCredentials;
  principalOf(accessKeyId: string): Principal | undefined;
  /** A call of its own request id by this principal. */
  callFor(principal: Principal): Call;
  /**
   * A call by an AWS service under a role.
   * @throws AwsError `AccessDeniedException` when the trust policy does not let the service in.
   */
  assume(roleArn: string, service: string, sourceArn?: string): Call;
  /** A call by a service in its own name, which only resource policies can allow. */
  servicePrincipal(service: string, sourceArn: string): Call;
  usedGrants(): readonly Grant[];
  unusedGrants(): readonly Grant[];
}

/** Decisions kept per caller; object keys make their number unbounded. */
const MEMO_LIMIT = 20_000;

/**
 * Reads every policy of the graph.
 * @param seed makes the access keys of one home differ from another's
 * @throws Error listing what is malformed, misspelt or not implemented in the policies
 */
export function createIam(graph: ResourceGraph, clock: Clock, seed = `${graph.project}/${graph.stack}`): Iam {
  const policies = collectPolicies(graph);
  const grants = grantsOf(policies);
  const used = new Set<string>();
  // A decision on the time of day must not be remembered.
  const timeless = !/aws:(CurrentTime|EpochTime)/i.test(JSON.stringify(graph.resources.map((it) => it.inputs)));
  const roleOfKey = new Map([...policies.roles.values()].map((role) => [accessKeyId(role.arn, seed), role]));

  const roleOf = (arn: string): Role => {
    const role = policies.roles.get(arn);
    if (role === undefined) throw new AwsError("NoSuchEntity", `The role ${arn} cannot be found.`, 404);
    return role;
  };
  const ask = (
    caller: Caller,
    action: string,
    resource: string,
    context: Context | undefined,
    source: Context,
  ): Decision => {
    if (!actionExists(action)) throw new TypeError(`${action} is not an IAM action of AWS`);
    const decision = decide(policies, graph.account, {
      caller,
      action,
      resource,
      context: requestContext(graph, clock, caller, resource, { ...source, ...context }),
    });
    if (decision.allowed) {
      for (const grant of decision.grants) {
        used.add(grantKey(grant.role.arn, grant.policy, grant.statement.id, grant.action));
      }
    }
    return decision;
  };
  const callBy = (caller: Caller, principal: Principal, source: Context): (() => Call) => {
    const memo = new Map<string, Decision>();
    const authorize: Call["authorize"] = (action, resource, context) => {
      const key = memoKey(action, resource, context);
      let decision = memo.get(key);
      if (decision === undefined) {
        decision = ask(caller, action, resource, context, source);
        if (memo.size >= MEMO_LIMIT) memo.clear();
        if (timeless) memo.set(key, decision);
      }
      if (!decision.allowed) {
        throw new AwsError(
          "AccessDeniedException",
          `User: ${principal.sessionArn} is not authorized to perform: ${action} on resource: ${resource} ${decision.reason}`,
        );
      }
    };
    return () => ({ principal, requestId: randomUUID(), authorize });
  };
  const callers = new Map<string, () => Call>();
  const remembered = (key: string, make: () => () => Call): Call => {
    let call = callers.get(key);
    if (call === undefined) {
      call = make();
      callers.set(key, call);
    }
    return call();
  };
  const serviceSource = (sourceArn: string | undefined): Context => ({
    "aws:SourceAccount": graph.account,
    ...(sourceArn === undefined ? {} : { "aws:SourceArn": sourceArn }),
  });
  const serviceCall = (service: string, sourceArn: string | undefined): Call =>
    remembered(`service ${service} ${sourceArn ?? ""}`, () =>
      callBy(
        { kind: "service", service },
        { roleArn: "", sessionArn: service, viaService: service },
        serviceSource(sourceArn),
      ),
    );
  const callFor = (principal: Principal): Call =>
    remembered(`role ${principal.sessionArn} ${principal.viaService ?? ""}`, () => {
      const caller: Caller = { kind: "role", role: roleOf(principal.roleArn), sessionArn: principal.sessionArn };
      return callBy(caller, principal, {});
    });

  return {
    credentialsFor: (roleArn) => {
      const { arn } = roleOf(roleArn);
      return { accessKeyId: accessKeyId(arn, seed), secretAccessKey: derive(`secret ${arn}`, seed, 40) };
    },
    principalOf: (key) => {
      const role = roleOfKey.get(key);
      return role && { roleArn: role.arn, sessionArn: sessionArn(graph, role, "local") };
    },
    callFor,
    assume: (roleArn, service, sourceArn) => {
      const role = roleOf(roleArn);
      serviceCall(service, sourceArn).authorize("sts:AssumeRole", roleArn);
      const session = sourceArn?.split(/[:/]/).at(-1) || (service.split(".")[0] ?? service);
      return callFor({ roleArn, sessionArn: sessionArn(graph, role, session), viaService: service });
    },
    servicePrincipal: serviceCall,
    usedGrants: () => grants.filter((grant) => used.has(keyOf(grant))),
    unusedGrants: () => grants.filter((grant) => !used.has(keyOf(grant))),
  };
}

function memoKey(action: string, resource: string, context: Context | undefined): string {
  let key = `${action}\n${resource}`;
  for (const name in context) key += `\n${name}=${String(context[name])}`;
  return key;
}

function requestContext(
  graph: ResourceGraph,
  clock: Clock,
  caller: Caller,
  resource: string,
  stated: Context,
): RequestContext {
  const byRole: Context =
    caller.kind === "role"
      ? {
          "aws:PrincipalArn": caller.role.arn,
          "aws:PrincipalAccount": graph.account,
          "aws:PrincipalType": "AssumedRole",
          ...Object.fromEntries(
            Object.entries(caller.role.tags).map(([tag, value]) => [`aws:PrincipalTag/${tag}`, value]),
          ),
        }
      : { "aws:PrincipalServiceName": caller.service };
  const all: Context = {
    "aws:SecureTransport": "true",
    "aws:RequestedRegion": graph.region,
    "aws:CurrentTime": new Date(clock.now()).toISOString(),
    "aws:EpochTime": String(Math.floor(clock.now() / 1000)),
    "aws:SourceIp": "127.0.0.1",
    "aws:ViaAWSService": "false",
    "aws:PrincipalIsAWSService": String(caller.kind === "service"),
    "aws:ResourceAccount": resource.split(":")[4] || graph.account,
    ...byRole,
    ...stated,
  };
  return new Map(
    Object.entries(all).map(([key, value]) => [key.toLowerCase(), typeof value === "string" ? [value] : value]),
  );
}

function grantsOf(policies: Policies): readonly Grant[] {
  return [...policies.roles.values()].flatMap((role) =>
    role.policies.flatMap((policy) =>
      policy.statements
        .filter((statement) => statement.effect === "Allow")
        .flatMap((statement) =>
          statement.actions.map((entry) => ({
            roleArn: role.arn,
            role: role.name,
            policy: policy.name,
            statement: statement.id,
            action: entry.pattern,
            resources: statement.resources,
          })),
        ),
    ),
  );
}

function keyOf(grant: Grant): string {
  return grantKey(grant.roleArn, grant.policy, grant.statement, grant.action);
}

function grantKey(roleArn: string, policy: string, statement: string, action: string): string {
  return [roleArn, policy, statement, action].join("\n");
}

function sessionArn(graph: ResourceGraph, role: Role, session: string): string {
  return `arn:aws:sts::${graph.account}:assumed-role/${role.name}/${session}`;
}

function accessKeyId(roleArn: string, seed: string): string {
  return `LOCAL${derive(`key ${roleArn}`, seed, 16).toUpperCase()}`;
}

function derive(text: string, seed: string, length: number): string {
  return createHmac("sha256", seed).update(text).digest("hex").slice(0, length);
}
