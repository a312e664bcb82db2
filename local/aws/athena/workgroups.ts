import type { ResourceGraph } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import type { Call, Shape } from "../service.ts";
import { invalidRequest } from "./invalid-request.ts";
import { SavedMap } from "./saved-map.ts";

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
  /** Account that the results' bucket must belong to. */
  readonly bucketOwner: string | undefined;
  /** Bytes a query may scan. */
  readonly cutoff: number | undefined;
  readonly metrics: boolean;
  readonly requesterPays: boolean;
  /** `AUTO` unless the graph chooses one. */
  readonly engine: string;
  readonly tags: Readonly<Record<string, string>>;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(objectIn(value) ?? {}).map(([key, item]) => [key, String(item)]));

/** The one that every account has. */
const PRIMARY = "primary";

function declared(graph: ResourceGraph, name: string, inputs: Shape, outputs: Shape): Workgroup {
  // A workgroup with no settings of its own leaves everything to its clients; one with settings enforces them.
  const settings = objectIn(inputs["configuration"]);
  const configuration = settings ?? {};
  const result = objectIn(configuration["resultConfiguration"]) ?? {};
  const encryption = objectIn(result["encryptionConfiguration"]);
  return {
    name,
    arn: `arn:aws:athena:${graph.region}:${graph.account}:workgroup/${name}`,
    description: text(inputs["description"]),
    enabled: inputs["state"] !== "DISABLED",
    enforced: settings !== undefined && configuration["enforceWorkgroupConfiguration"] !== false,
    outputLocation: text(result["outputLocation"]),
    encryption: encryption && { EncryptionOption: encryption["encryptionOption"], KmsKey: encryption["kmsKeyArn"] },
    bucketOwner: text(result["expectedBucketOwner"]),
    cutoff: number(configuration["bytesScannedCutoffPerQuery"]),
    metrics: settings !== undefined && configuration["publishCloudwatchMetricsEnabled"] !== false,
    requesterPays: configuration["requesterPaysEnabled"] === true,
    engine: text(objectIn(configuration["engineVersion"])?.["selectedEngineVersion"]) ?? "AUTO",
    tags: texts(outputs["tagsAll"] ?? inputs["tags"]),
  };
}

/** Workgroups of the graph and the account's `primary`, by name. */
function declaredIn(graph: ResourceGraph): ReadonlyMap<string, Workgroup> {
  const own = graph.resources
    .filter(({ type }) => type === "aws:athena/workgroup:Workgroup")
    .map(({ inputs, outputs }) => declared(graph, String(outputs["name"] ?? inputs["name"]), inputs, outputs));
  const all = [declared(graph, PRIMARY, {}, {}), ...own];
  return new Map(all.sort((a, b) => (a.name < b.name ? -1 : 1)).map((each) => [each.name, each]));
}

/** A workgroup as clients have changed it. */
interface Changed {
  readonly now: Workgroup;
  /** As the graph declared it then, as JSON. */
  readonly from: string;
}

function changed(saved: Shape): Changed | undefined {
  const { now, from } = saved;
  const item = objectIn(now) ?? {};
  const { name, arn, engine, enabled, enforced, metrics, requesterPays } = item;
  if (
    typeof name !== "string" ||
    typeof arn !== "string" ||
    typeof engine !== "string" ||
    typeof enabled !== "boolean" ||
    typeof enforced !== "boolean" ||
    typeof metrics !== "boolean" ||
    typeof requesterPays !== "boolean" ||
    typeof from !== "string"
  )
    return undefined;
  return {
    from,
    now: {
      ...{ name, arn, engine, enabled, enforced, metrics, requesterPays },
      description: text(item["description"]),
      outputLocation: text(item["outputLocation"]),
      encryption: objectIn(item["encryption"]),
      bucketOwner: text(item["bucketOwner"]),
      cutoff: number(item["cutoff"]),
      tags: texts(item["tags"]),
    },
  };
}

/** The graph's workgroups and `primary`, with what clients changed of them. */
export class Workgroups {
  readonly #declared: ReadonlyMap<string, Workgroup>;
  readonly #changed: SavedMap<Changed>;

  constructor(graph: ResourceGraph, file: string) {
    this.#declared = declaredIn(graph);
    this.#changed = new SavedMap(file, changed);
  }

  /** By their names. */
  all(): readonly Workgroup[] {
    return [...this.#declared.values()].map((workgroup) => this.#present(workgroup));
  }

  find(name: string): Workgroup | undefined {
    const found = this.#declared.get(name);
    return found && this.#present(found);
  }

  /** @throws AwsError `InvalidRequestException` */
  named(name: string): Workgroup {
    const found = this.find(name);
    if (found === undefined) throw invalidRequest("WorkGroup is not found.");
    return found;
  }

  /** The workgroup that a request means. @throws AwsError `InvalidRequestException` */
  of(input: Shape): Workgroup {
    return this.named(text(input["WorkGroup"]) ?? PRIMARY);
  }

  /** Keeps a change. It holds until the graph declares the workgroup in another way, which a deployment would write over. */
  save(workgroup: Workgroup): void {
    this.#changed.set(workgroup.name, {
      now: workgroup,
      from: JSON.stringify(this.#declared.get(workgroup.name)),
    });
  }

  #present(workgroup: Workgroup): Workgroup {
    const change = this.#changed.get(workgroup.name);
    return change?.from === JSON.stringify(workgroup) ? change.now : workgroup;
  }
}

/**
 * Asks whether the caller may do this to a workgroup, which policies may choose by its tags.
 * @param context what the request itself says.
 */
export function askFor(
  call: Call,
  action: string,
  { arn, tags }: Workgroup,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): void {
  const own = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value] as const);
  call.authorize(`athena:${action}`, arn, { ...Object.fromEntries(own), ...context });
}
