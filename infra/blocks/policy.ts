import * as pulumi from "@pulumi/pulumi";

/** One Allow of an identity policy: named actions on named resources. */
export interface Grant {
  /** Letters and digits; what the grant is for. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  readonly condition?: Condition;
}

/** Operator -> condition key -> value or values. */
export type Condition = Readonly<
  Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
>;

/**
 * Policy JSON of some grants.
 * @throws Error when a grant has no action or resource, or an action holds a wildcard: each role gets only what it uses.
 */
export function policyOf(grants: readonly Grant[]): pulumi.Output<string> {
  const sids = new Set<string>();
  for (const grant of grants) {
    checkGrant(grant);
    if (sids.has(grant.sid)) throw new Error(`Two grants of one policy are called ${grant.sid}.`);
    sids.add(grant.sid);
  }
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: grants.map(({ sid, actions, resources, condition }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  });
}

function checkGrant({ sid, actions, resources }: Grant): void {
  if (!/^[A-Za-z0-9]+$/.test(sid)) throw new Error(`Grant "${sid}": a Sid has letters and digits only.`);
  if (actions.length === 0 || resources.length === 0)
    throw new Error(`Grant ${sid} needs at least one action and one resource.`);
  const wild = actions.find((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action));
  if (wild !== undefined) throw new Error(`Grant ${sid}: "${wild}" is not one named action.`);
}

/** `arn` with a path below it, e.g. the objects of a bucket: `under(bucket.arn, "raw_events/*")`. */
export function under(arn: pulumi.Input<string>, path: string): pulumi.Output<string> {
  return pulumi.interpolate`${arn}/${path}`;
}
