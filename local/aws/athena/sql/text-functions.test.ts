import { beforeAll, describe, expect, test } from "vitest";
import { answers } from "./fixture.ts";

let ask: (sql: string) => Promise<string>;
beforeAll(async () => {
  ask = await answers();
});

const query = (text: string): string => (/^(SELECT|WITH|VALUES) /.test(text) ? text : `SELECT ${text} AS x`);

// Expected values, types and errors are those of a real Trino.

describe("gives Trino's answer", () => {
  test.each([
    ["concat_ws(',', ARRAY['a', NULL, 'b'])", "a,b :: varchar"],
    ["concat_ws(NULL, 'a', 'b')", "NULL :: varchar"],
    ["concat_ws(',', NULL, NULL)", " :: varchar"],
    ["split('a,b,c', ',', 2)", "[a, b,c] :: array(varchar)"],
    ["split('a,b,c', ',', 1)", "[a,b,c] :: array(varchar)"],
    ["split('a,b,c,', ',', 4)", "[a, b, c, ] :: array(varchar)"],
    ["chr(65)", "A :: varchar"],
    ["translate('abcd', '', 'xy')", "abcd :: varchar"],
    ["repeat('ab', 0)", "[] :: array(varchar)"],
    ["strpos('abcabc', 'c', -1)", "6 :: bigint"],
    ["strpos('abcabc', '', 1)", "1 :: bigint"],
    ["strpos('abc', '')", "1 :: bigint"],
    ["levenshtein_distance('', 'abc')", "3 :: bigint"],
    ["soundex('')", " :: varchar"],
    ["soundex('Pfister')", "P236 :: varchar"],
    ["soundex('Ashcraft')", "A261 :: varchar"],
    ["luhn_check('')", "false :: boolean"],
    ["from_base64('aGVsbG8')", "68 65 6c 6c 6f :: varbinary"],
    ["normalize('é')", "é :: varchar"],
    ["normalize('é', NFKD)", "é :: varchar"],
    ["format('%s %d %.2f %,d %%', 'a', 1, 1.5e0, 10000)", "a 1 1.50 10,000 % :: varchar"],
    ["format('%5s|%-5s|', 'a', 'b')", "    a|b    | :: varchar"],
    ["to_base(-255, 16)", "-ff :: varchar"],
    ["from_base('-ff', 16)", "-255 :: bigint"],
    ["regexp_replace('hello world', '(\\w+)', x -> upper(x[1]))", "HELLO WORLD :: varchar"],
    ["translate('abca', 'aa', 'xy')", "xbcx :: varchar"],
    ["translate('abc', 'abc', '')", " :: varchar"],
    ["to_hex(sha1(to_utf8('a')))", "86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8 :: varchar"],
    [
      "to_hex(sha512(to_utf8('a')))",
      "1F40FC92DA241694750979EE6CF582F2D5D7D28E18335DE05ABC54D0560E0F5302860C652BF08D560252AA5E74210546F369FBBBCE8C12CFC7957B2652FE9A75 :: varchar",
    ],
    ["to_hex(md5(to_utf8('a')))", "0CC175B9C0F1B6A831C399E269772661 :: varchar"],
    ["crc32(to_utf8('a'))", "3904355907 :: bigint"],
    ["to_hex(xxhash64(to_utf8('')))", "EF46DB3751D8E999 :: varchar"],
    ["to_hex(xxhash64(to_utf8('The quick brown fox jumps over the lazy dog')))", "0B242D361FDA71BC :: varchar"],
    ["to_hex(hmac_md5(to_utf8('a'), to_utf8('key')))", "80EA44CCEA14CC2263889567CFACCCD7 :: varchar"],
    ["to_hex(hmac_sha1(to_utf8('a'), to_utf8('key')))", "0DB21F05052F323E714EF9BF1F7B000FFE97E8A0 :: varchar"],
    [
      "to_hex(hmac_sha512(to_utf8('a'), to_utf8('key')))",
      "1D51A72107E0CC8EFC886683AD30EA10134600BFB147D0D5FAF3E95648F3D05459BA8FB541904FD1C5963730E3C2A5CD3A30EE431E225295F345FC5662487A48 :: varchar",
    ],
    ["to_base64(to_utf8('hello'))", "aGVsbG8= :: varchar"],
    ["to_base64url(to_utf8('hello??>'))", "aGVsbG8_Pz4= :: varchar"],
    ["from_base64url('aGVsbG8_Pz4=')", "68 65 6c 6c 6f 3f 3f 3e :: varbinary"],
    ["to_big_endian_64(1)", "00 00 00 00 00 00 00 01 :: varbinary"],
    ["from_big_endian_64(to_big_endian_64(-5))", "-5 :: bigint"],
    ["length(to_utf8('é'))", "2 :: bigint"],
    ["concat(to_utf8('a'), to_utf8('b'))", "61 62 :: varbinary"],
    ["to_utf8('a') = X'61'", "true :: boolean"],
    ["typeof(1)", "integer :: varchar"],
    ["typeof(ARRAY[1])", "array(integer) :: varchar"],
    ["typeof(NULL)", "unknown :: varchar"],
    ["typeof(TIMESTAMP '2026-01-01 00:00:00')", "timestamp(0) :: varchar"],
    ["typeof(now())", "timestamp(3) with time zone :: varchar"],
    ["lpad('abc', 6, 'xy')", "xyxabc :: varchar"],
    ["starts_with('abc', '')", "true :: boolean"],
    ["upper('ﬁ')", "ﬁ :: varchar"],
    ["lower('ÀÉ')", "àé :: varchar"],
    ["hamming_distance('', '')", "0 :: bigint"],
    ["levenshtein_distance('é', 'e')", "1 :: bigint"],
    ["format('%s', true)", "true :: varchar"],
    ["format('%s|%s', NULL, 'a')", "null|a :: varchar"],
    ["format('%.1f', 2.25e0)", "2.3 :: varchar"],
    ["format('%.1f', DECIMAL '2.25')", "2.3 :: varchar"],
    ["format('%.2f', -0.001e0)", "-0.00 :: varchar"],
    ["format('%f', 1.5e0)", "1.500000 :: varchar"],
    ["format('%10.2f|', 3.14159e0)", "      3.14| :: varchar"],
    ["format('%s', DECIMAL '1.50')", "1.50 :: varchar"],
    ["format('%s', DATE '2026-01-01')", "2026-01-01 :: varchar"],
    ["format('%08.2f', 3.14159e0)", "00003.14 :: varchar"],
    ["format('%,.2f', 1234567.891e0)", "1,234,567.89 :: varchar"],
    ["format('%2$s %1$s', 'a', 'b')", "b a :: varchar"],
  ])("%s", async (expression, answer) => {
    expect(await ask(query(expression))).toBe(answer);
  });
});

describe("fails as Trino does", () => {
  test.each([
    ["split('a,b,c', ',', 0)", "INVALID_FUNCTION_ARGUMENT: Limit must be positive"],
    ["chr(-1)", "INVALID_FUNCTION_ARGUMENT: Not a valid Unicode code point: -1"],
    ["repeat('ab', -1)", "INVALID_FUNCTION_ARGUMENT: count argument of repeat function must be greater than or equal"],
    [
      "hamming_distance('a', 'abc')",
      "INVALID_FUNCTION_ARGUMENT: The input strings to hamming_distance function must have the sa",
    ],
    ["luhn_check('1a')", "INVALID_FUNCTION_ARGUMENT: Input contains non-digit character"],
    ["from_base64('a b=')", "INVALID_FUNCTION_ARGUMENT: Illegal base64 text"],
    ["from_hex('zz')", "INVALID_FUNCTION_ARGUMENT: not a hexadecimal text of even length"],
    ["SELECT format('%d', BIGCOL) FROM (VALUES 4294967296) t(BIGCOL) AS x", "Invalid expression / Unexpected token"],
  ])("%s", async (expression, answer) => {
    await expect(ask(query(expression))).rejects.toThrow(answer);
  });
});

describe("refuses by name", () => {
  test.each([
    ["concat_ws(',', 'a', 1)", "concat_ws of (varchar, varchar, integer) is not implemented locally"],
    ["codepoint('ab')", "codepoint of what is no literal of one character is not implemented locally"],
    ["soundex('é')", "soundex of letters outside of A to Z"],
    ["word_stem('running')", "function word_stem is not implemented locally"],
    ["format_number(123)", "function format_number is not implemented locally"],
    ["format_number(1234)", "function format_number is not implemented locally"],
    ["format_number(123456)", "function format_number is not implemented locally"],
    ["format_number(0.5e0)", "function format_number is not implemented locally"],
    ["format_number(-1500000)", "function format_number is not implemented locally"],
    ["to_hex(murmur3(to_utf8('a')))", "function murmur3 is not implemented locally"],
    ["typeof('abc')", "typeof of (varchar) is not implemented locally"],
    ["format('%s', 1.0e10)", "format with '%s' of this argument is not implemented locally"],
    ["format('%x', 255)", "format with '%x' of this argument is not implemented locally"],
    ["format('%tY', DATE '2026-01-01')", "format with '%t' of this argument is not implemented locally"],
    ["format('%e', 1.5e0)", "format with '%e' of this argument is not implemented locally"],
  ])("%s", async (expression, answer) => {
    await expect(ask(query(expression))).rejects.toThrow(answer);
  });
});
