import { onlyMembers, pageOf, requiredText } from "../members.ts";
import type { Operation, Shape } from "../service.ts";
import { checkPage } from "./invalid-request.ts";
import { ENGINE, ENGINES, updated } from "./workgroup-update.ts";
import { askFor, type Workgroup, type Workgroups } from "./workgroups.ts";

const engineOf = (engine: string): Shape => ({ SelectedEngineVersion: engine, EffectiveEngineVersion: ENGINE });
const stateOf = ({ enabled }: Workgroup): string => (enabled ? "ENABLED" : "DISABLED");

/** The workgroup as GetWorkGroup answers it: without a description, it has no such member. */
function view(workgroup: Workgroup): Shape {
  const { name, description, outputLocation, encryption, cutoff, enforced, metrics, requesterPays, bucketOwner } =
    workgroup;
  return {
    Name: name,
    State: stateOf(workgroup),
    ...(description !== undefined && { Description: description }),
    Configuration: {
      ResultConfiguration: {
        ...(outputLocation !== undefined && { OutputLocation: outputLocation }),
        ...(encryption !== undefined && { EncryptionConfiguration: encryption }),
        ...(bucketOwner !== undefined && { ExpectedBucketOwner: bucketOwner }),
      },
      EnforceWorkGroupConfiguration: enforced,
      PublishCloudWatchMetricsEnabled: metrics,
      RequesterPaysEnabled: requesterPays,
      EnableMinimumEncryptionConfiguration: false,
      ...(cutoff !== undefined && { BytesScannedCutoffPerQuery: cutoff }),
      EngineVersion: engineOf(workgroup.engine),
    },
  };
}

/** Workgroups, which are the graph's and `primary`: they can be changed, and neither made nor deleted. */
export function workgroupOperations(workgroups: Workgroups): Record<string, Operation> {
  return {
    GetWorkGroup(input, call) {
      onlyMembers("athena:GetWorkGroup", input, ["WorkGroup"]);
      const workgroup = workgroups.named(requiredText(input, "WorkGroup"));
      askFor(call, "GetWorkGroup", workgroup);
      return { WorkGroup: view(workgroup) };
    },
    UpdateWorkGroup(input, call) {
      const workgroup = workgroups.named(requiredText(input, "WorkGroup"));
      askFor(call, "UpdateWorkGroup", workgroup);
      workgroups.save(updated(workgroup, input));
      return {};
    },
    ListWorkGroups(input, call) {
      onlyMembers("athena:ListWorkGroups", input, ["NextToken", "MaxResults"]);
      checkPage(input, 50);
      call.authorize("athena:ListWorkGroups", "*");
      const { items, next } = pageOf(workgroups.all(), input["MaxResults"], input["NextToken"], 50);
      return {
        WorkGroups: items.map((workgroup) => ({
          Name: workgroup.name,
          State: stateOf(workgroup),
          Description: workgroup.description ?? "",
          EngineVersion: engineOf(workgroup.engine),
        })),
        ...(next !== undefined && { NextToken: next }),
      };
    },
    ListEngineVersions(input, call) {
      onlyMembers("athena:ListEngineVersions", input, ["NextToken", "MaxResults"]);
      checkPage(input, 10);
      call.authorize("athena:ListEngineVersions", "*");
      const { items, next } = pageOf(ENGINES, input["MaxResults"], input["NextToken"], 10);
      return { EngineVersions: items.map(engineOf), ...(next !== undefined && { NextToken: next }) };
    },
  };
}
