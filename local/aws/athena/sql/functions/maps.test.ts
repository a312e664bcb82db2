import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["MAP(ARRAY['a'], ARRAY[1])[NULL]", "NULL :: integer"],
  ["MAP()", "{} :: map(unknown, unknown)"],
  // Key and keys in the type they share.
  ["element_at(MAP(ARRAY[1, 2], ARRAY['a', 'b']), 1.5)", "NULL :: varchar"],
  ["element_at(MAP(ARRAY[1, 2], ARRAY['a', 'b']), 2e0)", "b :: varchar"],
  ["element_at(MAP(ARRAY[1, 2], ARRAY['a', 'b']), BIGINT '99999999999')", "NULL :: varchar"],
  ["element_at(MAP(ARRAY[DECIMAL '1'], ARRAY[2]), -99.99)", "NULL :: integer"],
  ["element_at(MAP(ARRAY[DATE '2020-01-01'], ARRAY['a']), TIMESTAMP '2020-01-01 10:00:00')", "NULL :: varchar"],
  ["MAP(ARRAY[DECIMAL '1.5', DECIMAL '2.0'], ARRAY['a', 'b'])[2]", "b :: varchar"],
  ["MAP(ARRAY[1,2], ARRAY['x', NULL])", "{1=x, 2=null} :: map(integer, varchar)"],
  ["MAP(CAST(NULL AS array(integer)), ARRAY[1])", "NULL :: map(integer, integer)"],
  [
    "map_entries(MAP(ARRAY[1,2],ARRAY['a',NULL]))",
    "[{field0=1, field1=a}, {field0=2, field1=null}] :: array(row(integer, varchar))",
  ],
  ["map_concat(MAP(ARRAY['b'],ARRAY[1]), MAP(ARRAY['a','b'],ARRAY[2,3]))", "{a=2, b=3} :: map(varchar, integer)"],
  ["split_to_map('a=1,b=2', ',', '=')", "{a=1, b=2} :: map(varchar, varchar)"],
  ["multimap_from_entries(ARRAY[(1,'a'),(1,'b')])", "{1=[a, b]} :: map(integer, array(varchar))"],
  ["cardinality(MAP())", "0 :: bigint"],
  [
    "cosine_similarity(MAP(ARRAY['a', 'b'], ARRAY[1.0, 2.0]), MAP(ARRAY['a'], ARRAY[2.0]))",
    "0.4472135954999579 :: double",
  ],
  ["cosine_similarity(MAP(ARRAY['a'], ARRAY[CAST(NULL AS double)]), MAP(ARRAY['a'], ARRAY[2e0]))", "NULL :: double"],
  ["cosine_similarity(MAP(ARRAY['a'], ARRAY[0e0]), MAP(ARRAY['a'], ARRAY[1e0]))", "NaN :: double"],
  ["split_to_multimap('a:1;b:2;a:3', ';', ':')", "{a=[1, 3], b=[2]} :: map(varchar, array(varchar))"],
  ["split_to_multimap('a:1;', ';', ':')", "{a=[1]} :: map(varchar, array(varchar))"],
  ["split_to_multimap('', ';', ':')", "{} :: map(varchar, array(varchar))"],
  ["split_to_map('', ';', ':')", "{} :: map(varchar, varchar)"],
  ["split_to_map('a:1;', ';', ':')", "{a=1} :: map(varchar, varchar)"],
]);

failsAsTrino([
  ["MAP(ARRAY[1,NULL], ARRAY['x', NULL])", "INVALID_FUNCTION_ARGUMENT: map key cannot be null"],
  ["MAP(ARRAY[1,2], ARRAY['x'])", "INVALID_FUNCTION_ARGUMENT: Key and value arrays must be the same length"],
  ["map_from_entries(ARRAY[(1,'a'),(1,'b')])", "INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed"],
  ["map_from_entries(ARRAY[(1,'a'), NULL])", "INVALID_FUNCTION_ARGUMENT: map entry cannot be null"],
  ["split_to_map('a=1,a=2', ',', '=')", "INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed"],
  ["MAP(ARRAY[1, 2], ARRAY['a', 'b'])[1.5]", "INVALID_FUNCTION_ARGUMENT: Key not present in map: 1.5"],
  // Both maps are worked out, though the second one has a NULL.
  [
    "cosine_similarity(MAP(ARRAY['a'], ARRAY[cosine_similarity(CAST(ARRAY[] AS array(double)), ARRAY[1.5e0])]), MAP(ARRAY['b'], ARRAY[CAST(NULL AS double)]))",
    "INVALID_FUNCTION_ARGUMENT: The arguments must have the same length",
  ],
]);

refusesByName([
  ["MAP(ARRAY[ARRAY[1, NULL]], ARRAY[1])", "MAP with keys of array(integer) is not implemented locally"],
  ["MAP(ARRAY[ROW(1, NULL)], ARRAY[1])", "MAP with keys of row(integer, unknown) is not implemented locally"],
  [
    "MAP(ARRAY['a'],ARRAY[1]) = MAP(ARRAY['a'],ARRAY[1])",
    "comparing map(varchar, integer) values is not implemented locally",
  ],
]);
