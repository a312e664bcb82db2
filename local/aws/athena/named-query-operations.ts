import { randomUUID } from "node:crypto";
import { onlyMembers, optionalText, pageOf, requiredText } from "../members.ts";
import { type Call, NotImplementedLocally, type Operation, type Shape } from "../service.ts";
import { batchOf } from "./batch.ts";
import { checkPage, invalidRequest } from "./invalid-request.ts";
import type { NamedQueries, NamedQuery } from "./named-queries.ts";
import { askFor, type Workgroups } from "./workgroups.ts";

const view = ({ id, name, description, database, sql, workgroup }: NamedQuery): Shape => ({
  NamedQueryId: id,
  Name: name,
  ...(description !== undefined && { Description: description }),
  Database: database,
  QueryString: sql,
  WorkGroup: workgroup,
});

/** Saved questions. Those of the graph are changed there. */
export function namedQueryOperations(workgroups: Workgroups, queries: NamedQueries): Record<string, Operation> {
  const authorize = (query: NamedQuery, action: string, call: Call): void =>
    askFor(call, action, workgroups.named(query.workgroup));
  const find = (input: Shape, action: string, call: Call): NamedQuery => {
    const id = requiredText(input, "NamedQueryId");
    const query = queries.find(id);
    if (query === undefined) throw invalidRequest(`NamedQuery ${id} was not found`);
    authorize(query, action, call);
    return query;
  };
  const own = (input: Shape, action: string, call: Call): NamedQuery => {
    const query = find(input, action, call);
    if (queries.isDeclared(query))
      throw new NotImplementedLocally(`athena:${action} of a query that the stack declares`);
    return query;
  };

  return {
    CreateNamedQuery(input, call) {
      onlyMembers("athena:CreateNamedQuery", input, [
        "Name",
        "Description",
        "Database",
        "QueryString",
        "ClientRequestToken",
        "WorkGroup",
      ]);
      const asked = workgroups.of(input);
      const { name: workgroup } = asked;
      askFor(call, "CreateNamedQuery", asked);
      const token = optionalText(input, "ClientRequestToken");
      const earlier = token === undefined ? undefined : queries.of(workgroup).find((query) => query.token === token);
      if (earlier !== undefined) return { NamedQueryId: earlier.id };
      const description = optionalText(input, "Description");
      const query = {
        id: randomUUID(),
        name: requiredText(input, "Name"),
        database: requiredText(input, "Database"),
        sql: requiredText(input, "QueryString"),
        workgroup,
        ...(description !== undefined && { description }),
        ...(token !== undefined && { token }),
      };
      queries.save(query);
      return { NamedQueryId: query.id };
    },
    UpdateNamedQuery(input, call) {
      onlyMembers("athena:UpdateNamedQuery", input, ["NamedQueryId", "Name", "Description", "QueryString"]);
      const description = optionalText(input, "Description");
      queries.save({
        ...own(input, "UpdateNamedQuery", call),
        name: requiredText(input, "Name"),
        sql: requiredText(input, "QueryString"),
        ...(description !== undefined && { description }),
      });
      return {};
    },
    DeleteNamedQuery(input, call) {
      onlyMembers("athena:DeleteNamedQuery", input, ["NamedQueryId"]);
      queries.delete(own(input, "DeleteNamedQuery", call));
      return {};
    },
    GetNamedQuery(input, call) {
      onlyMembers("athena:GetNamedQuery", input, ["NamedQueryId"]);
      return { NamedQuery: view(find(input, "GetNamedQuery", call)) };
    },
    BatchGetNamedQuery(input, call) {
      onlyMembers("athena:BatchGetNamedQuery", input, ["NamedQueryIds"]);
      const { found, unprocessed } = batchOf(input, {
        member: "NamedQueryIds",
        most: 50,
        find: (id) => queries.find(id),
        missing: { member: "NamedQueryId", what: "NamedQuery", code: "INVALID_INPUT" },
      });
      for (const query of found) authorize(query, "BatchGetNamedQuery", call);
      return { NamedQueries: found.map(view), UnprocessedNamedQueryIds: unprocessed };
    },
    ListNamedQueries(input, call) {
      onlyMembers("athena:ListNamedQueries", input, ["NextToken", "MaxResults", "WorkGroup"]);
      checkPage(input, 50);
      const workgroup = workgroups.of(input);
      askFor(call, "ListNamedQueries", workgroup);
      const { items, next } = pageOf(queries.of(workgroup.name), input["MaxResults"], input["NextToken"], 50);
      return { NamedQueryIds: items.map(({ id }) => id), ...(next !== undefined && { NextToken: next }) };
    },
  };
}
