import { objectIn, onlyMembers, optionalText } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import { invalidRequest } from "./invalid-request.ts";
import type { Workgroup } from "./workgroups.ts";

/** The engine that this one imitates. */
export const ENGINE = "Athena engine version 3";
/** What may be selected. */
export const ENGINES = ["AUTO", ENGINE] as const;

/** API reference, BytesScannedCutoffPerQuery. */
const LEAST_CUTOFF = 10_000_000;

function flag(input: Shape, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw invalidRequest(`${name} is not a boolean`);
}

/** What stands in a request, what stood there before, or nothing when the request removes it, whatever else it says. */
function replaced<T>(update: Shape, name: string, given: T | undefined, former: T | undefined): T | undefined {
  return flag(update, `Remove${name}`) === true ? undefined : (given ?? former);
}

function cutoffIn(update: Shape): number | undefined {
  const { BytesScannedCutoffPerQuery: cutoff } = update;
  if (cutoff === undefined) return undefined;
  if (typeof cutoff !== "number" || cutoff < LEAST_CUTOFF)
    throw invalidRequest(`BytesScannedCutoffPerQuery must be at least ${LEAST_CUTOFF} bytes`);
  return cutoff;
}

function engineIn(update: Shape): string | undefined {
  const version = objectIn(update["EngineVersion"]);
  if (version === undefined) return undefined;
  const selected = optionalText(version, "SelectedEngineVersion") ?? "AUTO";
  if (!ENGINES.some((engine) => engine === selected)) throw new NotImplementedLocally(`athena engine ${selected}`);
  return selected;
}

function locationIn(result: Shape): string | undefined {
  const location = optionalText(result, "OutputLocation");
  if (location !== undefined && !/^s3:\/\/[^/]+/.test(location))
    throw invalidRequest("outputLocation is not a valid S3 path.");
  return location;
}

/** Objects are encrypted as their bucket says: another way can be taken back, and not be asked for. */
function encryptionIn(result: Shape, former: Workgroup["encryption"]): Workgroup["encryption"] {
  const asked = objectIn(result["EncryptionConfiguration"]);
  if (asked === undefined) return undefined;
  const same = asked["EncryptionOption"] === former?.["EncryptionOption"] && asked["KmsKey"] === former?.["KmsKey"];
  if (!same)
    throw new NotImplementedLocally(
      "athena:UpdateWorkGroup with another EncryptionConfiguration than the declared one",
    );
  return former;
}

/**
 * A workgroup as an UpdateWorkGroup request leaves it; what the request does not name stays.
 * @throws AwsError for what is not valid, and by name for settings that nothing here would follow.
 */
export function updated(workgroup: Workgroup, input: Shape): Workgroup {
  onlyMembers("athena:UpdateWorkGroup", input, ["WorkGroup", "Description", "ConfigurationUpdates", "State"]);
  const update = objectIn(input["ConfigurationUpdates"]) ?? {};
  onlyMembers("athena:UpdateWorkGroup ConfigurationUpdates", update, [
    "EnforceWorkGroupConfiguration",
    "ResultConfigurationUpdates",
    "PublishCloudWatchMetricsEnabled",
    "BytesScannedCutoffPerQuery",
    "RemoveBytesScannedCutoffPerQuery",
    "RequesterPaysEnabled",
    "EngineVersion",
  ]);
  const result = objectIn(update["ResultConfigurationUpdates"]) ?? {};
  onlyMembers("athena:UpdateWorkGroup ResultConfigurationUpdates", result, [
    "OutputLocation",
    "RemoveOutputLocation",
    "EncryptionConfiguration",
    "RemoveEncryptionConfiguration",
    "ExpectedBucketOwner",
    "RemoveExpectedBucketOwner",
    "RemoveAclConfiguration",
  ]);
  const state = optionalText(input, "State");
  if (state !== undefined && state !== "ENABLED" && state !== "DISABLED")
    throw invalidRequest(`State is ENABLED or DISABLED, not ${state}`);
  const { outputLocation, encryption, bucketOwner, cutoff } = workgroup;
  return {
    ...workgroup,
    description: optionalText(input, "Description") ?? workgroup.description,
    enabled: state === undefined ? workgroup.enabled : state === "ENABLED",
    enforced: flag(update, "EnforceWorkGroupConfiguration") ?? workgroup.enforced,
    metrics: flag(update, "PublishCloudWatchMetricsEnabled") ?? workgroup.metrics,
    requesterPays: flag(update, "RequesterPaysEnabled") ?? workgroup.requesterPays,
    engine: engineIn(update) ?? workgroup.engine,
    cutoff: replaced(update, "BytesScannedCutoffPerQuery", cutoffIn(update), cutoff),
    outputLocation: replaced(result, "OutputLocation", locationIn(result), outputLocation),
    encryption: replaced(result, "EncryptionConfiguration", encryptionIn(result, encryption), encryption),
    bucketOwner: replaced(result, "ExpectedBucketOwner", optionalText(result, "ExpectedBucketOwner"), bucketOwner),
  };
}
