import { onlyMembers, pageOf, requiredText } from "../members.ts";
import { AwsError, type Call, type Operation, type Shape } from "../service.ts";
import { type NamedQuery, type Workgroup, workgroupNamed } from "./workgroups.ts";

const view = (query: NamedQuery): Shape => ({
  NamedQueryId: query.id,
  Name: query.name,
  ...(query.description !== undefined && { Description: query.description }),
  Database: query.database,
  QueryString: query.sql,
  WorkGroup: query.workgroup,
});

const workgroupView = (workgroup: Workgroup): Shape => ({
  Name: workgroup.name,
  State: "ENABLED",
  ...(workgroup.description !== undefined && { Description: workgroup.description }),
});

const engine = { SelectedEngineVersion: "Athena engine version 3", EffectiveEngineVersion: "Athena engine version 3" };

/** Workgroups and saved queries, which are the graph's. */
export function namedQueryOperations(
  workgroups: ReadonlyMap<string, Workgroup>,
  queries: ReadonlyMap<string, NamedQuery>,
): Record<string, Operation> {
  const page = (input: Shape, items: readonly unknown[], member: string): Shape => {
    const { items: shown, next } = pageOf(items, input["MaxResults"], input["NextToken"], 50);
    return { [member]: shown, ...(next !== undefined && { NextToken: next }) };
  };
  const find = (id: string): NamedQuery => {
    const query = queries.get(id);
    if (query === undefined) throw new AwsError("InvalidRequestException", `NamedQuery ${id} was not found`);
    return query;
  };
  const authorize = (query: NamedQuery, action: string, call: Call): void =>
    call.authorize(action, workgroupNamed(workgroups, query.workgroup).arn);

  return {
    GetWorkGroup(input, call) {
      onlyMembers("athena:GetWorkGroup", input, ["WorkGroup"]);
      const workgroup = workgroupNamed(workgroups, requiredText(input, "WorkGroup"));
      call.authorize("athena:GetWorkGroup", workgroup.arn);
      const { outputLocation, encryption, cutoff, enforced } = workgroup;
      return {
        WorkGroup: {
          ...workgroupView(workgroup),
          Configuration: {
            ResultConfiguration: {
              ...(outputLocation !== undefined && { OutputLocation: outputLocation }),
              ...(encryption !== undefined && { EncryptionConfiguration: encryption }),
            },
            EnforceWorkGroupConfiguration: enforced,
            ...(cutoff !== undefined && { BytesScannedCutoffPerQuery: cutoff }),
            EngineVersion: engine,
          },
        },
      };
    },
    ListWorkGroups(input, call) {
      onlyMembers("athena:ListWorkGroups", input, ["NextToken", "MaxResults"]);
      call.authorize("athena:ListWorkGroups", "*");
      return page(
        input,
        [...workgroups.values()].map((workgroup) => ({ ...workgroupView(workgroup), EngineVersion: engine })),
        "WorkGroups",
      );
    },
    GetNamedQuery(input, call) {
      onlyMembers("athena:GetNamedQuery", input, ["NamedQueryId"]);
      const query = find(requiredText(input, "NamedQueryId"));
      authorize(query, "athena:GetNamedQuery", call);
      return { NamedQuery: view(query) };
    },
    BatchGetNamedQuery(input, call) {
      onlyMembers("athena:BatchGetNamedQuery", input, ["NamedQueryIds"]);
      const ids = Array.isArray(input["NamedQueryIds"]) ? input["NamedQueryIds"].map(String) : [];
      const found = ids.flatMap((id) => queries.get(id) ?? []);
      for (const query of found) authorize(query, "athena:BatchGetNamedQuery", call);
      const missing = ids.filter((id) => !queries.has(id));
      return {
        NamedQueries: found.map(view),
        UnprocessedNamedQueryIds: missing.map((id) => ({
          NamedQueryId: id,
          ErrorCode: "INVALID_INPUT",
          ErrorMessage: `NamedQuery ${id} was not found`,
        })),
      };
    },
    ListNamedQueries(input, call) {
      onlyMembers("athena:ListNamedQueries", input, ["NextToken", "MaxResults", "WorkGroup"]);
      const workgroup = workgroupNamed(
        workgroups,
        typeof input["WorkGroup"] === "string" ? input["WorkGroup"] : "primary",
      );
      call.authorize("athena:ListNamedQueries", workgroup.arn);
      return page(
        input,
        [...queries.values()].filter((query) => query.workgroup === workgroup.name).map((query) => query.id),
        "NamedQueryIds",
      );
    },
  };
}
