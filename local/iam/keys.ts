import { AwsError, type Call } from "../aws/service.ts";
import type { ResourceGraph } from "../graph/resource.ts";

/**
 * ARN of the KMS key that a resource names by key id, key ARN, alias or alias ARN.
 * @throws AwsError `NotFoundException` when the graph has no such key.
 */
export function resolveKeyArn(graph: ResourceGraph, reference: string): string {
  const alias = graph.resources.find(
    (it) => it.type === "aws:kms/alias:Alias" && (it.outputs["name"] === reference || it.outputs["arn"] === reference),
  );
  const target = alias?.outputs["targetKeyId"] ?? reference;
  const key = graph.resources.find(
    (it) =>
      it.type === "aws:kms/key:Key" &&
      (it.outputs["arn"] === target || it.outputs["keyId"] === target || it.id === target),
  );
  const arn = key?.outputs["arn"];
  if (typeof arn !== "string") throw new AwsError("NotFoundException", `Key '${reference}' does not exist`);
  return arn;
}

/**
 * Authorises what a service does with a customer's key for its caller, as S3, Kinesis or SNS do it.
 * @param service first part of `kms:ViaService`, e.g. `s3`
 * @param encryptionContext e.g. `{ "aws:s3:arn": "arn:aws:s3:::bucket" }`
 */
export function authorizeKey(
  call: Call,
  keyArn: string,
  action: "kms:Encrypt" | "kms:Decrypt" | "kms:GenerateDataKey" | "kms:DescribeKey",
  service: string,
  encryptionContext: Readonly<Record<string, string>> = {},
): void {
  const [, , , region, account = ""] = keyArn.split(":");
  const context: Record<string, string | readonly string[]> = {
    "kms:ViaService": `${service}.${region}.amazonaws.com`,
    "kms:CallerAccount": account,
  };
  for (const [name, value] of Object.entries(encryptionContext)) context[`kms:EncryptionContext:${name}`] = value;
  const names = Object.keys(encryptionContext);
  if (names.length > 0) context["kms:EncryptionContextKeys"] = names;
  call.authorize(action, keyArn, context);
}
