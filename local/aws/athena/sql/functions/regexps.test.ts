import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["regexp_like(concat('a', chr(10)), 'a$')", "true :: boolean"],
  ["regexp_extract(concat('a', chr(10)), 'a$')", "a :: varchar"],
  ["regexp_replace(concat('a', chr(13), 'b'), 'a.b', 'x')", "x :: varchar"],
  ["regexp_replace(concat('a', chr(8232), 'b'), 'a.b', 'x')", "x :: varchar"],
  ["regexp_like(chr(11), '\\s')", "true :: boolean"],
  ["regexp_like(chr(160), '\\s')", "false :: boolean"],
  ["regexp_like(chr(8195), '\\s')", "false :: boolean"],
  ["regexp_like('É', '(?i)é')", "true :: boolean"],
  ["regexp_like('ſ', '(?i)s')", "true :: boolean"],
  ["regexp_like('٣', '\\d')", "false :: boolean"],
  ["regexp_like('é', '\\W')", "true :: boolean"],
  ["regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2)", "[a, b, m] :: array(varchar)"],
  ["regexp_extract_all('1a 2b 14m', '\\d+')", "[1, 2, 14] :: array(varchar)"],
  ["regexp_split('1a 2b', '')", "[, 1, a,  , 2, b, ] :: array(varchar)"],
  ["regexp_split('abc', 'x*')", "[, a, b, c, ] :: array(varchar)"],
  ["regexp_replace('aaa', 'a*', 'x')", "xx :: varchar"],
  ["regexp_replace('abc', 'x*', '-')", "-a-b-c- :: varchar"],
  ["regexp_replace('abc', '$', '-')", "abc- :: varchar"],
  ["regexp_replace('a1b2', '\\d', '$0$0')", "a11b22 :: varchar"],
  ["regexp_replace('a1b2', '(\\d)', '\\$1')", "a$1b$1 :: varchar"],
  ["regexp_position('abcabc', 'c')", "3 :: integer"],
  ["regexp_count('aaa', 'a*')", "2 :: bigint"],
  ["regexp_extract('abc', '(?<x>b)', 1)", "b :: varchar"],
  ["regexp_like('a]', '[]a]')", "true :: boolean"],
  ["regexp_like('aB', '(?i)Ab')", "true :: boolean"],
  ["regexp_extract('aab', 'a+?')", "a :: varchar"],
  ["regexp_extract('foobar', '(?<=foo)bar')", "bar :: varchar"],
  ["regexp_split('a,b,,c,,', ',')", "[a, b, , c, , ] :: array(varchar)"],
  ["regexp_replace('abc', '(b)(z)?', x -> coalesce(x[2], 'N'))", "aNc :: varchar"],
  ["regexp_like(concat('a', chr(10), 'b'), '^b')", "false :: boolean"],
  ["regexp_replace('ab', '(a)|(b)', '[$2]')", "[][b] :: varchar"],
  ["regexp_replace('abc', '(b)', '$12')", "ab2c :: varchar"],
  ["regexp_replace('aaa', '(a)(?=a)', '<$1>')", "<a><a>a :: varchar"],
  ["regexp_extract_all('abc', 'x*')", "[, , , ] :: array(varchar)"],
  ["regexp_split('', 'a')", "[] :: array(varchar)"],
  ["regexp_split('abc', 'c')", "[ab, ] :: array(varchar)"],
  ["regexp_replace('hello world', '(\\w+)', x -> upper(x[1]))", "HELLO WORLD :: varchar"],
]);

failsAsTrino([
  ["regexp_like('x', '[')", "missing ]: ["],
  ["regexp_extract('abc', 'b', 1)", "INVALID_FUNCTION_ARGUMENT: Pattern has 0 groups. Cannot access group 1"],
]);

refusesByName([
  ["regexp_like('é', '\\bé')", "a pattern with \\b on text that is not ASCII"],
  [
    "regexp_like('a', '[[a-c]&&[b]]')",
    "the pattern '[[a-c]&&[b]]' is not implemented locally; avoid back references, possessive q",
  ],
  [
    "regexp_replace('abc', '(b)', '$2')",
    "the replacement '$2' is not implemented locally; use $1 for a group that the pattern has",
  ],
  [
    "regexp_like('aa', '(a)\\1')",
    "the pattern '(a)\\1' is not implemented locally; avoid back references, possessive quantifi",
  ],
  ["regexp_replace('abc', 'b', x -> '<' || x[1] || '>')", "json extract with arrow syntax is not implemented locally"],
  [
    "regexp_replace('abc', '(b)', '$')",
    "the replacement '$' is not implemented locally; use $1 for a group that the pattern has",
  ],
  [
    "regexp_replace('abc', '(b)', 'x\\')",
    "the replacement 'x\\' is not implemented locally; use $1 for a group that the pattern has",
  ],
  [
    "regexp_extract('ba', '(a|(b))+', 2)",
    "the pattern '(a|(b))+' is not implemented locally; avoid back references, possessive quant",
  ],
]);
