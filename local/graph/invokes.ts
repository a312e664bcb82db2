import type { Inputs, SynthesisContext } from "./synthesisers/synthesiser.ts";

/** Answers a provider function of the program, or refuses it by name. */
export function answerInvoke(token: string, inputs: Inputs, context: SynthesisContext): Record<string, unknown> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return {
        id: context.account,
        accountId: context.account,
        arn: `arn:aws:iam::${context.account}:root`,
        userId: context.account,
      };
    case "aws:index/getRegion:getRegion": {
      const region = typeof inputs["region"] === "string" ? inputs["region"] : context.region;
      return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
    }
    case "aws:index/getPartition:getPartition":
      return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
    case "aws:iam/getPolicyDocument:getPolicyDocument": {
      const json = JSON.stringify(policyDocument(inputs));
      return { id: "policy", json, minifiedJson: json, version: inputs["version"] ?? "2012-10-17" };
    }
    default:
      throw new Error(`The local runtime does not answer the function ${token}`);
  }
}

function policyDocument(inputs: Inputs): Record<string, unknown> {
  for (const key of ["overridePolicyDocuments", "sourcePolicyDocuments", "overrideJson", "sourceJson"]) {
    if (inputs[key] !== undefined) throw new Error(`The local runtime does not merge policy documents (${key})`);
  }
  return {
    Version: inputs["version"] ?? "2012-10-17",
    ...(inputs["policyId"] === undefined ? {} : { Id: inputs["policyId"] }),
    Statement: records(inputs["statements"]).map((statement) => ({
      ...(statement["sid"] === undefined ? {} : { Sid: statement["sid"] }),
      Effect: statement["effect"] ?? "Allow",
      ...single("Action", statement["actions"]),
      ...single("NotAction", statement["notActions"]),
      ...single("Resource", statement["resources"]),
      ...single("NotResource", statement["notResources"]),
      ...principals("Principal", statement["principals"]),
      ...principals("NotPrincipal", statement["notPrincipals"]),
      ...conditions(statement["conditions"]),
    })),
  };
}

function single(member: string, values: unknown): Record<string, unknown> {
  if (!Array.isArray(values) || values.length === 0) return {};
  return { [member]: values.length === 1 ? values[0] : values };
}

function principals(member: string, values: unknown): Record<string, unknown> {
  const list = records(values);
  if (list.length === 0) return {};
  return { [member]: Object.assign({}, ...list.map((entry) => single(String(entry["type"]), entry["identifiers"]))) };
}

function conditions(values: unknown): Record<string, unknown> {
  const condition: Record<string, Record<string, unknown>> = {};
  for (const entry of records(values)) {
    const operator = String(entry["test"]);
    condition[operator] = { ...condition[operator], ...single(String(entry["variable"]), entry["values"]) };
  }
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}

function records(value: unknown): readonly Inputs[] {
  return Array.isArray(value) ? value.filter((item): item is Inputs => typeof item === "object" && item !== null) : [];
}
