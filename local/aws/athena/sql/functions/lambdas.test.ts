import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["reduce(ARRAY['a','b'], '', (s, x) -> s || x, s -> s)", "ab :: varchar"],
  ["reduce(ARRAY['a','b'], CAST('' AS varchar), (s, x) -> s || x, s -> s)", "ab :: varchar"],
  ["reduce(CAST(NULL AS array(integer)), 0, (s, x) -> s + x, s -> s)", "NULL :: integer"],
  ["reduce(ARRAY[1,NULL], 0, (s, x) -> s + x, s -> s)", "NULL :: integer"],
  ["transform(CAST(NULL AS array(integer)), x -> 1)", "NULL :: array(integer)"],
  ["transform(ARRAY[NULL, 1], x -> coalesce(x, 5))", "[5, 1] :: array(integer)"],
  ["filter(ARRAY[1,NULL,3], x -> x > 1)", "[3] :: array(integer)"],
  ["any_match(ARRAY[1,NULL], x -> x > 1)", "NULL :: boolean"],
  ["any_match(ARRAY[2,NULL], x -> x > 1)", "true :: boolean"],
  ["all_match(ARRAY[2,NULL], x -> x > 1)", "NULL :: boolean"],
  ["none_match(ARRAY[1,NULL], x -> x > 1)", "NULL :: boolean"],
  ["all_match(ARRAY[], x -> true)", "true :: boolean"],
  ["zip_with(ARRAY[1,2], ARRAY[10], (a,b) -> coalesce(a,0) + coalesce(b,0))", "[11, 2] :: array(integer)"],
  ["map_filter(MAP(ARRAY['a','b'],ARRAY[1,2]), (k,v) -> v > 1)", "{b=2} :: map(varchar, integer)"],
  ["transform_keys(MAP(ARRAY['a','b'],ARRAY[1,2]), (k,v) -> k || 'x')", "{ax=1, bx=2} :: map(varchar, integer)"],
  [
    "transform_values(MAP(ARRAY['a','b'],ARRAY[1,NULL]), (k,v) -> coalesce(v, 9))",
    "{a=1, b=9} :: map(varchar, integer)",
  ],
  [
    "map_zip_with(MAP(ARRAY['a','b'],ARRAY[1,2]), MAP(ARRAY['b','c'],ARRAY[10,20]), (k,a,b) -> coalesce(a,0)+coalesce(b,0))",
    "{a=1, b=12, c=20} :: map(varchar, integer)",
  ],
  ["SELECT transform(ARRAY[1,2], x -> x + y) FROM (VALUES 10) t(y)", "[11, 12] :: array(integer)"],
]);

failsAsTrino([
  [
    "transform_keys(MAP(ARRAY['a','b'],ARRAY[1,2]), (k,v) -> 1)",
    "INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed",
  ],
]);

refusesByName([
  ["any_match(ARRAY[1] , x -> NULL)", "a lambda that gives NULL is not implemented locally; cast it to boolean"],
  [
    "SELECT EXISTS (SELECT 1 FROM (VALUES 1) u(y) WHERE any_match(ARRAY[1], v -> v = t.x)) FROM (VALUES 1) t(x)",
    "line 1:81: the column x of the query around inside a lambda is not implemented locally; join instead",
  ],
  ["find_first(ARRAY[1,3,5], x -> x > 2)", "function find_first is not implemented locally"],
]);
