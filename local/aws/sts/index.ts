import { onlyMembers, optionalText, requiredText } from "../members.ts";
import { AwsError, type Call, type Service, type ServiceContext, type ServiceFactory, type Shape } from "../service.ts";

/** AWS STS: who am I, and the keys of a role whose trust policy lets the caller in. */
export const sts: ServiceFactory = (context): Service => ({
  name: "sts",
  binding: { protocol: "query", xmlns: "https://sts.amazonaws.com/doc/2011-06-15/" },
  operations: {
    GetCallerIdentity: (input, call) => {
      onlyMembers("sts:GetCallerIdentity", input, []);
      return { UserId: userId(context, call), Account: context.account, Arn: call.principal.sessionArn };
    },
    AssumeRole: (input, call) => assumeRole(context, input, call),
  },
  open: ["GetCallerIdentity"],
  runs: [],
});

function assumeRole(context: ServiceContext, input: Shape, call: Call): Shape {
  onlyMembers("sts:AssumeRole", input, ["RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"]);
  const roleArn = requiredText(input, "RoleArn");
  const session = requiredText(input, "RoleSessionName");
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    throw new AwsError("ValidationError", "RoleSessionName must be 2 to 64 characters of [A-Za-z0-9_+=,.@-]");
  }
  const seconds = Number(input["DurationSeconds"] ?? 3600);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw new AwsError("ValidationError", "DurationSeconds must be from 900 to 43200");
  }
  const externalId = optionalText(input, "ExternalId");
  call.authorize("sts:AssumeRole", roleArn, externalId === undefined ? {} : { "sts:ExternalId": externalId });
  const role = context.graph.resources.find(
    ({ type, outputs }) => type === "aws:iam/role:Role" && outputs["arn"] === roleArn,
  );
  const environment = context.environmentFor(roleArn);
  return {
    Credentials: {
      AccessKeyId: environment["AWS_ACCESS_KEY_ID"],
      SecretAccessKey: environment["AWS_SECRET_ACCESS_KEY"],
      // Clients want one; the access key alone tells the runtime which role is meant.
      SessionToken: `local-${session}`,
      // By the machine's clock: it is the client that looks whether its keys have expired.
      Expiration: new Date(Date.now() + seconds * 1000),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${String(role?.outputs["uniqueId"])}:${session}`,
      Arn: `arn:aws:sts::${context.account}:assumed-role/${String(role?.outputs["name"])}/${session}`,
    },
  };
}

function userId(context: ServiceContext, call: Call): string {
  const { roleArn, sessionArn } = call.principal;
  const role = context.graph.resources.find(
    ({ type, outputs }) => type === "aws:iam/role:Role" && outputs["arn"] === roleArn,
  );
  return `${String(role?.outputs["uniqueId"])}:${sessionArn.slice(sessionArn.lastIndexOf("/") + 1)}`;
}
