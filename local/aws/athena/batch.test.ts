import { expect, test } from "vitest";
import { batchOf } from "./batch.ts";

const kind = {
  member: "NamedQueryIds",
  most: 3,
  find: (id: string) => (id.startsWith("q") ? { id } : undefined),
  missing: { member: "NamedQueryId", what: "NamedQuery", code: "INVALID_INPUT" },
};

test("what is there and what is not, each in the order asked for", () => {
  expect(batchOf({ NamedQueryIds: ["q2", "x", "q1"] }, kind)).toEqual({
    found: [{ id: "q2" }, { id: "q1" }],
    unprocessed: [{ NamedQueryId: "x", ErrorCode: "INVALID_INPUT", ErrorMessage: "NamedQuery x was not found" }],
  });
});

test("a list that is none, empty or too long is refused", () => {
  const value = "1 validation error detected: Value at 'namedQueryIds' failed to satisfy constraint: Member must";
  expect(() => batchOf({}, kind)).toThrow(`${value} not be null`);
  expect(() => batchOf({ NamedQueryIds: [] }, kind)).toThrow(`${value} have length greater than or equal to 1`);
  expect(() => batchOf({ NamedQueryIds: ["a", "b", "c", "d"] }, kind)).toThrow(
    `${value} have length less than or equal to 3`,
  );
});
