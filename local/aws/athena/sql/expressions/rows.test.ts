import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

const LINES = '{"lines":[{"lineId":"1-1","price":{"micros":2550000},"extra":1},{"lineId":"1-2","quantity":-3}]}';

/** A list of rows out of JSON, in which the second has no member. */
const listed = (type: string): string => `CAST(json_extract('{"x":[{"lineId":1},{}]}', '$.x') AS ARRAY(ROW(${type})))`;

givesTrinosAnswer([
  // A name knows no case, JSON's does.
  ["CAST(ROW(1) AS ROW(lineId bigint))", "{lineid=1} :: row(lineid bigint)"],
  [
    `CAST(json_parse('{"lineId":1,"priceX":{"aB":2}}') AS ROW(lineId bigint, priceX ROW(aB bigint)))`,
    "{lineid=1, pricex={ab=2}} :: row(lineid bigint, pricex row(ab bigint))",
  ],
  [`CAST(CAST(json_parse('[{"lineId":1}]') AS ARRAY(ROW(lineId bigint))) AS JSON)`, '[{"lineid":1}] :: json'],
  ["ROW(1,NULL) = ROW(1,2)", "NULL :: boolean"],
  ["ROW(1,NULL) = ROW(2,2)", "false :: boolean"],
  ["ROW(1,2) = ROW(1,2)", "true :: boolean"],
  ["ROW(1,NULL) IS DISTINCT FROM ROW(1,NULL)", "false :: boolean"],
  ["(1,2) IN ((1,2),(3,4))", "true :: boolean"],
  ["(1,NULL) IN ((1,2),(3,4))", "NULL :: boolean"],
  ["ROW(1,'a')", "{field0=1, field1=a} :: row(integer, varchar)"],
  ["CAST(ROW(1,'a') AS ROW(x bigint, y varchar)).y", "a :: varchar"],
  ["SELECT r[1], r[2] FROM (SELECT ROW(1,'a') AS r)", "1, a :: integer, varchar"],
  // Out of JSON, nested, with members absent and unknown.
  [
    `SELECT l.lineId, quantity, l.price.micros / 1000000, n FROM (SELECT '${LINES}' AS data) AS e CROSS JOIN UNNEST(CAST(json_extract(data, '$.lines') AS ARRAY(ROW(lineId varchar, quantity bigint, price ROW(micros bigint))))) WITH ORDINALITY AS l(lineid, quantity, price, n)`,
    "1-1, NULL, 2, 1; 1-2, -3, NULL, 2 :: varchar, bigint, bigint, bigint",
  ],
  [`transform(${listed("lineId bigint, z varchar")}, r -> r.lineId)`, "[1, null] :: array(bigint)"],
  [`transform(${listed("lineId bigint, z varchar")}, r -> r.z)`, "[null, null] :: array(varchar)"],
]);

failsAsTrino([
  ["ROW(1,NULL) < ROW(1,2)", "NOT_SUPPORTED: ROW comparison not supported for fields with null elements"],
  [`CAST(json_parse('{"a":1}') AS ARRAY(bigint))`, "Cannot cast JSON to array(bigint)"],
  [`CAST(json_parse('[{"n":"x"}]') AS ARRAY(ROW(n bigint)))`, "Cannot cast 'x' to bigint"],
]);

refusesByName([
  ["CAST(ROW(1, 2) AS ROW(a integer, A integer))", "ROW with the field a twice is not implemented locally"],
  ["CASE WHEN true THEN ROW(REAL '1') ELSE ROW(1) END", "cast the real to double"],
  [
    "contains(ARRAY[ROW(1,2)], ROW(1,2))",
    "contains of (array(row(integer, integer)), row(integer, integer)) is not implemented locally",
  ],
  [listed("lineid bigint"), "write it as in the JSON"],
]);
