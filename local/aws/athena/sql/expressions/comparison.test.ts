import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["TINYINT '1' = DECIMAL '1.0'", "true :: boolean"],
  ["9007199254740993 = 9007199254740992E0", "true :: boolean"],
  ["DATE '2011-12-09' = TIMESTAMP '2011-12-09 00:00:00 UTC'", "true :: boolean"],
  ["nan() <> nan()", "true :: boolean"],
  ["nan() IS DISTINCT FROM nan()", "false :: boolean"],
]);

failsAsTrino([
  ["1 = '1'", "TYPE_MISMATCH: Cannot apply operator: integer = varchar"],
  ["true < 1", "TYPE_MISMATCH: Cannot apply operator: boolean < integer"],
]);

refusesByName([
  ["REAL '1' = 1", "comparing real with integer is not implemented locally; cast the real to double"],
  ["REAL '0.1' < 0.1E0", "comparing real with double is not implemented locally; cast the real to double"],
  ["REAL '1' = REAL '1'", "comparing real values is not implemented locally"],
  ["REAL '1' + REAL '1'", "real + real is not implemented locally; cast the real to double"],
  ["REAL '1' / 1.5", "real / decimal(2,1) is not implemented locally; cast the real to double"],
  ["BIGINT '5' / 0.12345678901234567890", "cast the divisor to fewer"],
]);
