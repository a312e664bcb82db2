import { arnOf, common, createdAt, digest, physicalName, type Synthesiser, text, textOr, uuid } from "./synthesiser.ts";

const role: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const path = textOr(inputs, "path", "/");
  return {
    id: name,
    physicalName: name,
    outputs: {
      name,
      path,
      arn: `arn:aws:iam::${context.account}:role${path}${name}`,
      uniqueId: `AROA${digest(name).slice(0, 17).toUpperCase()}`,
      createDate: createdAt,
      maxSessionDuration: inputs["maxSessionDuration"] ?? 3600,
      tagsAll: inputs["tags"] ?? {},
    },
  };
};

const policy: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const path = textOr(inputs, "path", "/");
  const arn = `arn:aws:iam::${context.account}:policy${path}${name}`;
  return {
    id: arn,
    physicalName: name,
    outputs: {
      name,
      path,
      arn,
      policyId: `ANPA${digest(name).slice(0, 17).toUpperCase()}`,
      tagsAll: inputs["tags"] ?? {},
    },
  };
};

const rolePolicy: Synthesiser = (logicalName, inputs) => {
  const name = physicalName(inputs, logicalName);
  const id = `${text(inputs, "role")}:${name}`;
  return { id, physicalName: id, outputs: { name } };
};

const rolePolicyAttachment: Synthesiser = (_name, inputs) => {
  const id = `${text(inputs, "role")}/${text(inputs, "policyArn")}`;
  return { id, physicalName: id, outputs: {} };
};

const key: Synthesiser = (logicalName, inputs, context) => {
  const keyId = uuid(`kms ${logicalName}`);
  return {
    id: keyId,
    physicalName: keyId,
    outputs: {
      ...common(inputs, context),
      keyId,
      arn: arnOf("kms", `key/${keyId}`, inputs, context),
      keyUsage: inputs["keyUsage"] ?? "ENCRYPT_DECRYPT",
      customerMasterKeySpec: inputs["customerMasterKeySpec"] ?? "SYMMETRIC_DEFAULT",
      isEnabled: inputs["isEnabled"] ?? true,
      multiRegion: inputs["multiRegion"] ?? false,
    },
  };
};

const alias: Synthesiser = (logicalName, inputs, context) => {
  const name = textOr(inputs, "name", `alias/${logicalName}`);
  const target = text(inputs, "targetKeyId");
  const targetKeyId = target.slice(target.lastIndexOf("/") + 1);
  return {
    id: name,
    physicalName: name,
    outputs: {
      region: textOr(inputs, "region", context.region),
      name,
      arn: arnOf("kms", name, inputs, context),
      targetKeyArn: arnOf("kms", `key/${targetKeyId}`, inputs, context),
    },
  };
};

/** Who may do what: roles, policies, keys. */
export const access: Readonly<Record<string, Synthesiser>> = {
  "aws:iam/role:Role": role,
  "aws:iam/policy:Policy": policy,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
  "aws:kms/key:Key": key,
  "aws:kms/alias:Alias": alias,
};
