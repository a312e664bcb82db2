import type { ResourceGraph } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import { invalidRequest } from "./invalid-request.ts";

export interface Workgroup {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
  /** Client settings are overridden. */
  readonly enforced: boolean;
  /** `s3://bucket/prefix/` */
  readonly outputLocation: string | undefined;
  readonly encryption: Readonly<Record<string, unknown>> | undefined;
  /** Bytes a query may scan. */
  readonly cutoff: number | undefined;
  readonly metrics: boolean;
  readonly requesterPays: boolean;
  /** `AUTO` unless the graph chooses one. */
  readonly engine: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The one that every account has. */
const PRIMARY = "primary";

function workgroup(graph: ResourceGraph, name: string, inputs: Readonly<Record<string, unknown>>): Workgroup {
  // A workgroup with no settings of its own leaves everything to its clients; one with settings enforces them.
  const settings = objectIn(inputs["configuration"]);
  const configuration = settings ?? {};
  const result = objectIn(configuration["resultConfiguration"]) ?? {};
  const encryption = objectIn(result["encryptionConfiguration"]);
  const cutoff = configuration["bytesScannedCutoffPerQuery"];
  return {
    name,
    arn: `arn:aws:athena:${graph.region}:${graph.account}:workgroup/${name}`,
    description: text(inputs["description"]),
    enabled: inputs["state"] !== "DISABLED",
    enforced: settings !== undefined && configuration["enforceWorkgroupConfiguration"] !== false,
    outputLocation: text(result["outputLocation"]),
    encryption: encryption && { EncryptionOption: encryption["encryptionOption"], KmsKey: encryption["kmsKeyArn"] },
    cutoff: typeof cutoff === "number" ? cutoff : undefined,
    metrics: settings !== undefined && configuration["publishCloudwatchMetricsEnabled"] !== false,
    requesterPays: configuration["requesterPaysEnabled"] === true,
    engine: text(objectIn(configuration["engineVersion"])?.["selectedEngineVersion"]) ?? "AUTO",
  };
}

/** Workgroups of the graph and the account's `primary`, by name. */
export function workgroupsOf(graph: ResourceGraph): ReadonlyMap<string, Workgroup> {
  const declared = graph.resources
    .filter(({ type }) => type === "aws:athena/workgroup:Workgroup")
    .map(({ inputs, outputs }) => workgroup(graph, String(outputs["name"] ?? inputs["name"]), inputs));
  const all = [workgroup(graph, PRIMARY, {}), ...declared];
  return new Map(all.sort((a, b) => (a.name < b.name ? -1 : 1)).map((each) => [each.name, each]));
}

/** @throws AwsError `InvalidRequestException` */
export function workgroupNamed(workgroups: ReadonlyMap<string, Workgroup>, name: string): Workgroup {
  const found = workgroups.get(name);
  if (found === undefined) throw invalidRequest("WorkGroup is not found.");
  return found;
}

/** The workgroup that a request means. @throws AwsError `InvalidRequestException` */
export const workgroupOf = (
  workgroups: ReadonlyMap<string, Workgroup>,
  input: Readonly<Record<string, unknown>>,
): Workgroup => workgroupNamed(workgroups, text(input["WorkGroup"]) ?? PRIMARY);
