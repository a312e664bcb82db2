import { describe, expect, test } from "vitest";
import type { GraphResource } from "../graph/resource.ts";
import { ACCOUNT, graphOf, policyOf, REGION, resourceOf, roleArn, roleOf } from "./graph-fixture.ts";
import { callOf, iamOf, KEY, keyResource } from "./iam-fixture.ts";
import { authorizeKey, type Iam, resolveKeyArn } from "./index.ts";

describe("KMS", () => {
  const use = { Effect: "Allow", Action: "kms:Decrypt", Resource: KEY };
  const root = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" };
  const only = (principal: unknown) => policyOf({ ...root, Principal: principal, Action: "kms:Decrypt" });
  const decrypt = (iam: Iam) => () => authorizeKey(callOf(iam, "r"), KEY, "kms:Decrypt", "s3");

  test.each<[string, GraphResource, GraphResource, string | undefined]>([
    ["delegated and granted", roleOf("r", [use]), keyResource(policyOf(root)), undefined],
    ["a key without a policy delegates", roleOf("r", [use]), keyResource(), undefined],
    [
      "delegated, not granted",
      roleOf("r", []),
      keyResource(policyOf(root)),
      "because no identity-based policy allows the kms:Decrypt action",
    ],
    [
      "granted, not delegated",
      roleOf("r", [use]),
      keyResource(only({ Service: "sns.amazonaws.com" })),
      "because no resource-based policy allows the kms:Decrypt action",
    ],
    ["the key names the role", roleOf("r", []), keyResource(only({ AWS: roleArn("r") })), undefined],
  ])("%s", (_, role, resource, reason) => {
    const run = decrypt(iamOf(role, resource));
    if (reason === undefined) expect(run).not.toThrow();
    else expect(run).toThrow(reason);
  });

  test("kms:ViaService and the encryption context limit the use", () => {
    const condition = {
      StringEquals: {
        "kms:ViaService": `s3.${REGION}.amazonaws.com`,
        "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::lake",
      },
    };
    const iam = iamOf(roleOf("r", [{ ...use, Condition: condition }]), keyResource());
    const context = { "aws:s3:arn": "arn:aws:s3:::lake" };
    expect(() => authorizeKey(callOf(iam, "r"), KEY, "kms:Decrypt", "s3", context)).not.toThrow();
    expect(() => authorizeKey(callOf(iam, "r"), KEY, "kms:Decrypt", "sns", context)).toThrow("kms:Decrypt");
    expect(() => authorizeKey(callOf(iam, "r"), KEY, "kms:Decrypt", "s3")).toThrow("kms:Decrypt");
  });

  test("a key is found by id, ARN, alias and alias ARN", () => {
    const aliasArn = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/lake`;
    const alias = resourceOf(
      "aws:kms/alias:Alias",
      "alias",
      { name: "alias/lake", targetKeyId: "k1" },
      { arn: aliasArn },
    );
    const graph = graphOf(keyResource(), alias);
    expect(["k1", KEY, "alias/lake", aliasArn].map((reference) => resolveKeyArn(graph, reference))).toEqual([
      KEY,
      KEY,
      KEY,
      KEY,
    ]);
    expect(() => resolveKeyArn(graph, "alias/other")).toThrow("Key 'alias/other' does not exist");
  });
});
