import type { Call } from "../aws/service.ts";
import type { GraphResource } from "../graph/resource.ts";
import { ACCOUNT, graphOf, manualClock, REGION, resourceOf, roleArn } from "./graph-fixture.ts";
import { createIam, type Iam } from "./index.ts";

export const STREAM = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/events`;
export const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/k1`;

/** The permissions of a program with these resources, at a time that stands still. */
export const iamOf = (...resources: readonly GraphResource[]): Iam => createIam(graphOf(...resources), manualClock());

/** A call of a role under its own key. */
export function callOf(iam: Iam, role: string): Call {
  const principal = iam.principalOf(iam.credentialsFor(roleArn(role)).accessKeyId);
  if (principal === undefined) throw new Error(`no key for ${role}`);
  return iam.callFor(principal);
}

/** The key, with its policy where it has one of its own. */
export const keyResource = (policy?: string): GraphResource =>
  resourceOf("aws:kms/key:Key", "key", policy === undefined ? {} : { policy }, { arn: KEY, keyId: "k1", id: "k1" });
