import { objectIn, onlyMembers, optionalText } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import type { Asked } from "./executions.ts";
import { invalidRequest } from "./invalid-request.ts";
import { splitLocation } from "./tables/hive-files.ts";
import type { Workgroup } from "./workgroups.ts";

const OPERATION = "athena:StartQueryExecution ResultConfiguration";

/** What decides where results go and how: the workgroup where it insists, else the client and then the workgroup. */
interface Settings {
  readonly location: string | undefined;
  readonly owner: string | undefined;
}

/**
 * The settings that hold for a query. Objects are written with their owner's full control and encrypted as their bucket
 * says, so a client that asks for another way, and would be heard, is refused.
 */
function settingsOf(client: Shape, workgroup: Workgroup): Settings {
  const { enforced, outputLocation, bucketOwner } = workgroup;
  const asked = optionalText(client, "OutputLocation");
  const owner = optionalText(client, "ExpectedBucketOwner");
  if (enforced) return { location: outputLocation, owner: bucketOwner };
  if (asked !== undefined && !/^s3:\/\/[^/]+/.test(asked))
    throw invalidRequest("outputLocation is not a valid S3 path.");
  for (const member of ["EncryptionConfiguration", "AclConfiguration"])
    if (client[member] !== undefined) throw new NotImplementedLocally(`${OPERATION} with ${member}`);
  return { location: asked ?? outputLocation, owner: owner ?? bucketOwner };
}

/**
 * Where a query's results go, and the account that must own the place.
 * @param input of StartQueryExecution.
 * @throws AwsError where there is none, or its bucket is not the expected account's.
 */
export function outputOf(input: Shape, workgroup: Workgroup): Pick<Asked, "outputFolder" | "bucketOwner"> {
  const client = objectIn(input["ResultConfiguration"]) ?? {};
  onlyMembers(OPERATION, client, [
    "OutputLocation",
    "EncryptionConfiguration",
    "ExpectedBucketOwner",
    "AclConfiguration",
  ]);
  const { location, owner } = settingsOf(client, workgroup);
  if (location === undefined)
    throw invalidRequest(
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  const folder = location.replace(/\/?$/, "/");
  // All buckets of the runtime are of one account.
  if (owner !== undefined && owner !== workgroup.arn.split(":")[4])
    throw invalidRequest(`Unable to verify/create output bucket ${splitLocation(folder).bucket}`);
  return { outputFolder: folder, ...(owner !== undefined && { bucketOwner: owner }) };
}
