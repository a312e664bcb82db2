import { onlyMembers, optionalText, pageOf, requiredText } from "../members.ts";
import type { Call, Operation, ServiceContext, Shape } from "../service.ts";
import { batchOf } from "./batch.ts";
import { checkPage } from "./invalid-request.ts";
import type { PreparedStatement, PreparedStatements } from "./prepared-statements.ts";
import { askFor, type Workgroups } from "./workgroups.ts";

const view = ({ name, sql, workgroup, description, modified }: PreparedStatement): Shape => ({
  StatementName: name,
  QueryStatement: sql,
  WorkGroupName: workgroup,
  ...(description !== undefined && { Description: description }),
  LastModifiedTime: new Date(modified),
});

/** Prepared statements through the API; PREPARE, EXECUTE and DEALLOCATE see the same ones. */
export function preparedOperations(
  { clock }: Pick<ServiceContext, "clock">,
  workgroups: Workgroups,
  statements: PreparedStatements,
): Record<string, Operation> {
  const authorized = (operation: string, input: Shape, call: Call, members: readonly string[]): string => {
    onlyMembers(`athena:${operation}`, input, ["WorkGroup", ...members]);
    const workgroup = workgroups.named(requiredText(input, "WorkGroup"));
    askFor(call, operation, workgroup);
    return workgroup.name;
  };
  const written = (input: Shape, workgroup: string): PreparedStatement => {
    const description = optionalText(input, "Description");
    return {
      name: requiredText(input, "StatementName"),
      workgroup,
      sql: requiredText(input, "QueryStatement"),
      modified: clock.now(),
      ...(description !== undefined && { description }),
    };
  };
  const text = ["StatementName", "QueryStatement", "Description"];

  return {
    CreatePreparedStatement(input, call) {
      statements.create(written(input, authorized("CreatePreparedStatement", input, call, text)));
      return {};
    },
    UpdatePreparedStatement(input, call) {
      statements.update(written(input, authorized("UpdatePreparedStatement", input, call, text)));
      return {};
    },
    GetPreparedStatement(input, call) {
      const workgroup = authorized("GetPreparedStatement", input, call, ["StatementName"]);
      return { PreparedStatement: view(statements.get(workgroup, requiredText(input, "StatementName"))) };
    },
    BatchGetPreparedStatement(input, call) {
      const workgroup = authorized("BatchGetPreparedStatement", input, call, ["PreparedStatementNames"]);
      const { found, unprocessed } = batchOf(input, {
        member: "PreparedStatementNames",
        most: 256,
        find: (name) => statements.find(workgroup, name),
        missing: { member: "StatementName", what: "PreparedStatement", code: "STATEMENT_NOT_FOUND" },
      });
      return { PreparedStatements: found.map(view), UnprocessedPreparedStatementNames: unprocessed };
    },
    ListPreparedStatements(input, call) {
      const workgroup = authorized("ListPreparedStatements", input, call, ["NextToken", "MaxResults"]);
      checkPage(input, 50);
      const { items, next } = pageOf(statements.of(workgroup), input["MaxResults"], input["NextToken"], 50);
      const list = items.map(({ name, modified }) => ({ StatementName: name, LastModifiedTime: new Date(modified) }));
      return { PreparedStatements: list, ...(next !== undefined && { NextToken: next }) };
    },
    DeletePreparedStatement(input, call) {
      const workgroup = authorized("DeletePreparedStatement", input, call, ["StatementName"]);
      statements.delete(workgroup, requiredText(input, "StatementName"));
      return {};
    },
  };
}
