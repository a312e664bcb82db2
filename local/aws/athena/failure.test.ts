import { expect, test } from "vitest";
import { AwsError, NotImplementedLocally } from "../service.ts";
import { failureOf } from "./failure.ts";
import { SqlError } from "./sql/errors.ts";

// The numbers are Athena's: category 1 system, 2 user, 3 other; types from its error catalogue.
test.each([
  ["Conversion Error: Could not convert 'x'\nLINE 1", "INVALID_CAST_ARGUMENT: Could not convert 'x'", 2, 1100],
  ["Invalid Input Error: DIVISION_BY_ZERO: Division by zero", "DIVISION_BY_ZERO: Division by zero", 2, 1001],
  ["Not implemented Error: Unimplemented cast", "NOT_IMPLEMENTED_LOCALLY: Unimplemented cast", 2, 1200],
  [
    "Out of Range Error: Overflow in HUGEINT addition: 1 + 2",
    "NOT_IMPLEMENTED_LOCALLY: more than 38 digits on the way: Out of Range Error: Overflow in HUGEINT addition: 1 + 2",
    2,
    1200,
  ],
  [
    'Binder Error: Referenced table "r1" not found!\nCandidate tables: "r2"',
    'NOT_IMPLEMENTED_LOCALLY: a sub-query, or a column of the query around, inside this expression; join instead: Binder Error: Referenced table "r1" not found!',
    2,
    1200,
  ],
  [
    "Binder Error: Separator argument to StringAgg must be a constant",
    "NOT_IMPLEMENTED_LOCALLY: joining texts with a separator that is no literal: Binder Error: Separator argument to StringAgg must be a constant",
    2,
    1200,
  ],
  ["INTERNAL Error: what", "GENERIC_INTERNAL_ERROR: INTERNAL Error: what", 1, 200],
])("DuckDB's %j is told with Athena's name and numbers", (message, reason, category, type) => {
  expect(failureOf(new Error(message))).toEqual({ reason, category, type, retryable: false });
});

test("What is refused here says so, and permissions are a category of their own", () => {
  expect(failureOf(new SqlError("NOT_IMPLEMENTED_LOCALLY", "x is not implemented locally")).type).toBe(1200);
  expect(failureOf(new NotImplementedLocally("y")).reason).toMatch(/^NOT_IMPLEMENTED_LOCALLY: .*y/);
  expect(failureOf(new AwsError("AccessDeniedException", "User may not")).reason).toBe(
    "Insufficient permissions to execute the query. User may not",
  );
});
