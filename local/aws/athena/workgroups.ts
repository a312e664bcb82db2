import type { ResourceGraph } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import { AwsError } from "../service.ts";

export interface Workgroup {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** Client settings are overridden. */
  readonly enforced: boolean;
  /** `s3://bucket/prefix/` */
  readonly outputLocation: string | undefined;
  readonly encryption: Readonly<Record<string, unknown>> | undefined;
  /** Bytes a query may scan. */
  readonly cutoff: number | undefined;
}

export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly database: string;
  readonly sql: string;
  readonly workgroup: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Workgroups of the graph, by name. */
export function workgroupsOf(graph: ResourceGraph): ReadonlyMap<string, Workgroup> {
  const resources = graph.resources.filter(({ type }) => type === "aws:athena/workgroup:Workgroup");
  return new Map(
    resources.map(({ inputs, outputs }) => {
      const name = String(outputs["name"] ?? inputs["name"]);
      const configuration = objectIn(inputs["configuration"]) ?? {};
      const result = objectIn(configuration["resultConfiguration"]) ?? {};
      const encryption = objectIn(result["encryptionConfiguration"]);
      const cutoff = configuration["bytesScannedCutoffPerQuery"];
      return [
        name,
        {
          name,
          arn: `arn:aws:athena:${graph.region}:${graph.account}:workgroup/${name}`,
          description: text(inputs["description"]),
          enforced: configuration["enforceWorkgroupConfiguration"] !== false,
          outputLocation: text(result["outputLocation"]),
          encryption: encryption && {
            EncryptionOption: encryption["encryptionOption"],
            KmsKey: encryption["kmsKeyArn"],
          },
          cutoff: typeof cutoff === "number" ? cutoff : undefined,
        },
      ];
    }),
  );
}

/** Saved queries of the graph, by id. */
export function namedQueriesOf(graph: ResourceGraph): ReadonlyMap<string, NamedQuery> {
  const resources = graph.resources.filter(({ type }) => type === "aws:athena/namedQuery:NamedQuery");
  return new Map(
    resources.map(({ id, inputs, outputs }) => [
      id,
      {
        id,
        name: String(inputs["name"] ?? outputs["name"]),
        description: text(inputs["description"]),
        database: String(inputs["database"]),
        sql: String(inputs["query"]),
        workgroup: text(inputs["workgroup"]) ?? "primary",
      },
    ]),
  );
}

/** @throws AwsError `InvalidRequestException` */
export function workgroupNamed(workgroups: ReadonlyMap<string, Workgroup>, name: string): Workgroup {
  const workgroup = workgroups.get(name);
  if (workgroup === undefined) throw new AwsError("InvalidRequestException", `WorkGroup ${name} is not found.`);
  return workgroup;
}
