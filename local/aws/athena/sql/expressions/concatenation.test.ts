import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values and types are those of a real Trino.

const UNTYPED = "ARRAY[] || without a type is not implemented locally; cast the empty array or the NULL in it";

givesTrinosAnswer([
  ["'a' || 'b'", "ab :: varchar"],
  ["ARRAY[1] || ARRAY[2]", "[1, 2] :: array(integer)"],
  ["ARRAY[1e0] || 2", "[1.0, 2.0] :: array(double)"],
  ["SELECT ARRAY[a] || a FROM (VALUES ARRAY[1]) t(a)", "[[1], [1]] :: array(array(integer))"],
  ["SELECT a || ARRAY[a] FROM (VALUES ARRAY[1]) t(a)", "[[1], [1]] :: array(array(integer))"],
  ["ARRAY[1] || CAST(NULL AS integer)", "NULL :: array(integer)"],
  ["SELECT b || ARRAY[a] FROM (VALUES (1, 2), (3, CAST(NULL AS integer))) t(a, b)", "[2, 1]; NULL :: array(integer)"],
  ["ARRAY[ARRAY[1]] || CAST(NULL AS array(integer))", "NULL :: array(array(integer))"],
  ["ARRAY[1] || ARRAY[CAST(NULL AS integer)]", "[1, null] :: array(integer)"],
  ["concat('a', NULL, 'b')", "NULL :: varchar"],
  ["concat_ws(',', NULL, 'a')", "a :: varchar"],
]);

refusesByName([
  // Trino's type is array(varchar(1)), or the call is ambiguous.
  ["NULL || 'a'", "|| with a NULL without a type is not implemented locally; write CAST(NULL AS varchar)"],
  ["CAST(NULL AS varchar) || NULL", "write CAST(NULL AS varchar)"],
  ["concat('a', NULL)", "concat of (varchar, unknown) is not implemented locally"],
  ["concat(NULL, NULL, NULL)", "concat of (unknown, unknown, unknown) is not implemented locally"],
  ["concat_ws(',', NULL)", "concat_ws of (varchar, unknown) is not implemented locally"],
  ["substring(NULL FROM 1 FOR 2)", "substr of (unknown, integer, integer) is not implemented locally"],
  ["reverse(NULL)", "reverse of (unknown) is not implemented locally"],
  ["ARRAY[ARRAY[DATE '2011-12-09']] || ARRAY[ARRAY[NULL]]", UNTYPED],
  ["ARRAY[ARRAY[1]] || ARRAY[]", UNTYPED],
  ["concat(ARRAY[ARRAY[1]], ARRAY[ARRAY[NULL]])", "concat of (array(array(integer)), array(array(unknown)))"],
  ["ARRAY[1] || ARRAY[ARRAY[1e0]]", "array(integer) || array(array(double)) is not implemented locally"],
]);
