import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

const as = (json: string, type: string): string => `CAST(json_parse('${json}') AS ${type})`;

givesTrinosAnswer([
  // Words count as numbers, numbers as words.
  [as("true", "bigint"), "1 :: bigint"],
  [as("false", "decimal(10,2)"), "0.00 :: decimal(10,2)"],
  [as("true", "double"), "1.0 :: double"],
  [as("2", "boolean"), "true :: boolean"],
  [as("-0.0", "boolean"), "false :: boolean"],
  // Fractions are rounded, texts are not.
  [as("1.5", "integer"), "2 :: integer"],
  [as("-1.5", "bigint"), "-2 :: bigint"],
  [as("1e3", "bigint"), "1000 :: bigint"],
  [as('" 7 "', "bigint"), "7 :: bigint"],
  [as('"1.5"', "decimal(10,2)"), "1.50 :: decimal(10,2)"],
  [as('"T"', "boolean"), "true :: boolean"],
  [as("123456789012345678901234567890", "decimal(38,0)"), "123456789012345678901234567890 :: decimal(38,0)"],
  [as("null", "bigint"), "NULL :: bigint"],
  [as('[1,"2",null," 7 "]', "array(bigint)"), "[1, 2, null, 7] :: array(bigint)"],
  [as('["1.5",2,3.25]', "array(double)"), "[1.5, 2.0, 3.25] :: array(double)"],
  [as('[true,"t",1,0,"0"]', "array(boolean)"), "[true, true, true, false, false] :: array(boolean)"],
  [
    "SELECT CAST(j AS bigint) FROM (VALUES JSON '1', JSON '\"2\"', JSON 'true', NULL) AS t(j)",
    "1; 2; 1; NULL :: bigint",
  ],
]);

failsAsTrino([
  [as('"1.5"', "integer"), "Cannot cast '1.5' to integer"],
  [as('"1e3"', "bigint"), "Cannot cast '1e3' to bigint"],
  [as('"1_000"', "double"), "Cannot cast '1_000' to double"],
  [as('"0x10"', "integer"), "Cannot cast '0x10' to integer"],
  [as('" 7 "', "decimal(10,2)"), "Cannot cast ' 7 ' to decimal(10,2)"],
  [as('"yes"', "boolean"), "Cannot cast 'yes' to boolean"],
  [as('"nan"', "double"), "Cannot cast 'nan' to double"],
  [as("12345678901234567890", "boolean"), "Could not convert"],
  [as('["x"]', "array(bigint)"), "Cannot cast 'x' to bigint"],
]);

// Of a member's text it is not known whether the JSON has it in quotes.
refusesByName([
  [as("[1.5]", "array(bigint)"), "cast of '1.5' to bigint"],
  [as('{"a":true}', "map(varchar, bigint)"), "cast of 'true' to bigint"],
  [as("[2]", "array(boolean)"), "cast of '2' to boolean"],
]);
