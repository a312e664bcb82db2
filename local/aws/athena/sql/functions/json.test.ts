import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["json_extract(NULL, '$.a')", "NULL :: json"],
  // What is JSON is no text of it.
  [
    "json_object('k': json_array(1, CAST(NULL AS bigint)), 'o': (json_object()), 't': json_array(1) || '')",
    '{"t":"[1]","k":[1],"o":{}} :: varchar',
  ],
  // In the order of a Java HashMap.
  ["json_object('email': 1, 'country': 2, 'Aa': 3, 'a': 4)", '{"Aa":3,"country":2,"a":4,"email":1} :: varchar'],
  ["json_object('BB': 1, 'Aa': 2)", '{"BB":1,"Aa":2} :: varchar'],
  [
    "json_object('customer_id': 0, 'x1': 1, 'x2': 2, 'x10': 3, 'name': 4, 'sku': 5, 'ref': 6, 'é': 7, 'key': 8, 'value': 9, 'price': 10, 'total': 11, 'status': 12)",
    '{"é":7,"ref":6,"total":11,"x10":3,"price":10,"name":4,"x1":1,"x2":2,"customer_id":0,"sku":5,"value":9,"key":8,"status":12} :: varchar',
  ],
  ["json_array(json_array(), json_object('a': 'b'), '[]')", '[[],{"a":"b"},"[]"] :: varchar'],
  [`json_extract_scalar(json_extract_scalar('{"a":"{\\"b\\":1}"}', '$.a'), '$.b')`, "1 :: varchar"],
  ["json_format(CAST(ARRAY[1,NULL] AS json))", "[1,null] :: varchar"],
  ["json_format(CAST(MAP(ARRAY['b','a'],ARRAY[1,2]) AS json))", '{"a":2,"b":1} :: varchar'],
  ["json_format(CAST(true AS json))", "true :: varchar"],
  ["json_format(CAST(DATE '2026-01-01' AS json))", '"2026-01-01" :: varchar'],
  ['json_format(json_extract(\'{"b": 1, "a": {"z":1,"y":2}}\', \'$\'))', '{"b":1,"a":{"z":1,"y":2}} :: varchar'],
  ['json_size(\'{"x":{"a":1,"b":2}}\', \'$.x\')', "2 :: bigint"],
  ["json_size('[1,2,3]', '$')", "3 :: bigint"],
  ["json_size('{\"x\":1}', '$.x')", "0 :: bigint"],
  ["json_size('{\"x\":1}', '$.y')", "NULL :: bigint"],
  ["json_array_contains('[1,2,3]', 4)", "false :: boolean"],
  ["json_array_contains('[\"a\",null]', 'a')", "true :: boolean"],
  ["json_array_contains('[\"1\"]', 1)", "false :: boolean"],
  ["json_array_contains('{\"a\":1}', 1)", "NULL :: boolean"],
  ["json_array_contains('[true]', true)", "true :: boolean"],
  ["is_json_scalar('\"a\"')", "true :: boolean"],
  ["is_json_scalar('[1]')", "false :: boolean"],
  ["is_json_scalar('null')", "true :: boolean"],
  ["json_value('{\"a\":[1]}', 'lax $.a')", "NULL :: varchar"],
  ["json_value('{\"a\":{\"b\":1}}', 'lax $.a')", "NULL :: varchar"],
  ["json_value('{\"a\":null}', 'lax $.a')", "NULL :: varchar"],
  ["json_value('{\"a\":true}', 'lax $.a')", "true :: varchar"],
  ["json_value('{bad', 'lax $.a')", "NULL :: varchar"],
  ["json_value('{\"a\":\"x\"}', 'lax $.z')", "NULL :: varchar"],
  ["json_value('{\"a\":\"7\"}', 'lax $.a' RETURNING bigint)", "7 :: bigint"],
  ["json_value('{\"a\":[5,6]}', 'lax $.a[1]')", "6 :: varchar"],
  ["json_query('{\"a\":\"x\"}', 'lax $.a')", '"x" :: varchar'],
  ["json_query('{\"a\":1}', 'lax $.z')", "NULL :: varchar"],
  ["json_query('{\"a\":[1,2]}', 'lax $.a[0]')", "1 :: varchar"],
  ["json_exists('{\"a\":null}', 'lax $.a')", "true :: boolean"],
  ["json_exists('{\"a\":1}', 'lax $.b')", "false :: boolean"],
  ["json_exists('{bad', 'lax $.b')", "false :: boolean"],
  ["json_object('a' VALUE NULL, 'b' VALUE true)", '{"a":null,"b":true} :: varchar'],
  ["json_object()", "{} :: varchar"],
  ["json_object('a' VALUE DATE '2026-01-01')", '{"a":"2026-01-01"} :: varchar'],
  ["json_array(NULL, 1)", "[1] :: varchar"],
  ["json_array()", "[] :: varchar"],
  ["json_array('a\"b')", '["a\\"b"] :: varchar'],
  ["JSON '[1, 2]'", "[1,2] :: json"],
  ["CAST(json_parse('[1,null,{\"a\":1}]') AS array(json))", '[1, null, {"a":1}] :: array(json)'],
  ['CAST(json_parse(\'{"a":1,"b":null}\') AS map(varchar, bigint))', "{a=1, b=null} :: map(varchar, bigint)"],
  ["json_extract_scalar('{\"a\":1.50}', '$.a')", "1.50 :: varchar"],
  ["json_extract_scalar('{\"a\":1e3}', '$.a')", "1e3 :: varchar"],
  ["json_extract_scalar('{\"a\":-0.0}', '$.a')", "-0.0 :: varchar"],
  ["json_extract_scalar('[1.0, 2]', '$[0]')", "1.0 :: varchar"],
  ["json_extract('{\"a\":[1.50, 1e3]}', '$.a')", "[1.5,1000.0] :: json"],
  ["CAST(json_extract_scalar('{\"a\":1.50}', '$.a') AS decimal(10,2))", "1.50 :: decimal(10,2)"],
]);

failsAsTrino([["is_json_scalar('{bad')", "INVALID_FUNCTION_ARGUMENT: Invalid JSON value: {bad"]]);

failsAsTrino([
  ["json_object('a': 1, 'b': 2, 'a': 3)", "NOT_SUPPORTED: cannot construct a JSON object with duplicate key"],
  ["json_object('k': MAP(ARRAY['a'], ARRAY[1]))", "NOT_SUPPORTED: Unsupported type of value passed to JSON_OBJECT"],
  ["json_array(ARRAY[NULL])", "Unsupported type of value passed to JSON_ARRAY function: array(unknown)"],
  [
    "json_array(CAST(ROW(1) AS ROW(a integer)))",
    "Unsupported type of value passed to JSON_ARRAY function: row(a integer)",
  ],
]);

refusesByName([
  [
    "json_object('k': json_query('[1]', 'lax $'))",
    "json_query inside of another JSON function is not implemented locally",
  ],
  ["json_object('a': JSON '1')", "JSON_OBJECT of json is not implemented locally; cast it to varchar"],
  ["json_format(CAST('a\"b\\c/é😀' AS json))", "JSON beyond the basic plane as text"],
  ["json_format(CAST(1.5e0 AS json))", "CAST from double to json is not implemented locally"],
  ["json_format(CAST(DECIMAL '1.50' AS json))", "CAST from decimal(3,2) to json is not implemented locally"],
  ["json_format(CAST(ROW(1,'a') AS json))", "CAST from row(integer, varchar) to json is not implemented locally"],
  [
    'json_format(json_parse(\'{"b":1, "a":[1, 2.50, 1e3]}\'))',
    "json_parse of an object with several members outside of a cast",
  ],
  ["json_format(json_extract('{\"a\":1.50}', '$.a'))", "JSON with a fraction as text"],
  ['json_parse(\'{"b":1,"a":2}\')', "json_parse of an object with several members outside of a cast"],
  ["json_size('{bad', '$.y')", "a value out of broken JSON"],
  ["json_array_contains('[1.0]', 1)", "json_array_contains among fractions"],
  ["json_array_get('[1,\"a\"]', 1)", "function json_array_get is not implemented locally"],
  ["json_value('{\"a\":1.50}', 'lax $.a')", "json_value of a fraction; use json_extract_scalar"],
  ["json_value('{\"a\":[{\"b\":1}]}', 'lax $.a.b')", "a lax JSON path into the members of an array's elements"],
  [
    "json_value('{\"a\":\"x\"}', 'strict $.a')",
    "this JSON path is not implemented locally; write a literal such as 'lax $.a.b' or 'lax $.a",
  ],
  ["json_query('{\"a\":[1, {\"b\":2.50}]}', 'lax $.a')", "JSON with a fraction as text"],
  ["json_object('a' VALUE 1.5e0)", "JSON of double is not implemented locally; cast it to varchar"],
  ['JSON \'{"b":1,"a":2}\'', "json_parse of an object with several members outside of a cast"],
  [
    'CAST(json_parse(\'{"a":"x"}\') AS map(varchar, json))',
    "CAST from json to map(varchar, json) is not implemented locally",
  ],
  ["CAST(json_parse('[1]') AS map(varchar, json))", "CAST from json to map(varchar, json) is not implemented locally"],
]);
