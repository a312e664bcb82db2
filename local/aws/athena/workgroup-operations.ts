import { onlyMembers, pageOf, requiredText } from "../members.ts";
import type { Operation, Shape } from "../service.ts";
import { checkPage } from "./invalid-request.ts";
import { type Workgroup, workgroupNamed } from "./workgroups.ts";

/** The engine that this one imitates. */
export const ENGINE = "Athena engine version 3";

const engineOf = ({ engine }: Workgroup): Shape => ({ SelectedEngineVersion: engine, EffectiveEngineVersion: ENGINE });
const stateOf = ({ enabled }: Workgroup): string => (enabled ? "ENABLED" : "DISABLED");

/** The workgroup as GetWorkGroup answers it: without a description, it has no such member. */
function view(workgroup: Workgroup): Shape {
  const { name, description, outputLocation, encryption, cutoff, enforced, metrics, requesterPays } = workgroup;
  return {
    Name: name,
    State: stateOf(workgroup),
    ...(description !== undefined && { Description: description }),
    Configuration: {
      ResultConfiguration: {
        ...(outputLocation !== undefined && { OutputLocation: outputLocation }),
        ...(encryption !== undefined && { EncryptionConfiguration: encryption }),
      },
      EnforceWorkGroupConfiguration: enforced,
      PublishCloudWatchMetricsEnabled: metrics,
      RequesterPaysEnabled: requesterPays,
      EnableMinimumEncryptionConfiguration: false,
      ...(cutoff !== undefined && { BytesScannedCutoffPerQuery: cutoff }),
      EngineVersion: engineOf(workgroup),
    },
  };
}

/** Workgroups, which are the graph's and `primary`. */
export function workgroupOperations(workgroups: ReadonlyMap<string, Workgroup>): Record<string, Operation> {
  return {
    GetWorkGroup(input, call) {
      onlyMembers("athena:GetWorkGroup", input, ["WorkGroup"]);
      const workgroup = workgroupNamed(workgroups, requiredText(input, "WorkGroup"));
      call.authorize("athena:GetWorkGroup", workgroup.arn);
      return { WorkGroup: view(workgroup) };
    },
    ListWorkGroups(input, call) {
      onlyMembers("athena:ListWorkGroups", input, ["NextToken", "MaxResults"]);
      checkPage(input, 50);
      call.authorize("athena:ListWorkGroups", "*");
      const { items, next } = pageOf([...workgroups.values()], input["MaxResults"], input["NextToken"], 50);
      return {
        WorkGroups: items.map((workgroup) => ({
          Name: workgroup.name,
          State: stateOf(workgroup),
          Description: workgroup.description ?? "",
          EngineVersion: engineOf(workgroup),
        })),
        ...(next !== undefined && { NextToken: next }),
      };
    },
    ListEngineVersions(input, call) {
      onlyMembers("athena:ListEngineVersions", input, ["NextToken", "MaxResults"]);
      call.authorize("athena:ListEngineVersions", "*");
      return {
        EngineVersions: ["AUTO", ENGINE].map((engine) => ({
          SelectedEngineVersion: engine,
          EffectiveEngineVersion: ENGINE,
        })),
      };
    },
  };
}
