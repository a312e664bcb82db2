import { failsAsTrino, givesTrinosAnswer } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["url_encode('~-_.*+')", "%7E-_.*%2B :: varchar"],
  ["url_decode('a%20b+c')", "a b c :: varchar"],
  ["url_extract_host('https://shop.example.com:8080/p/1?x=2')", "shop.example.com :: varchar"],
  ["url_extract_port('https://shop.example.com:8080/p/1?x=2')", "8080 :: bigint"],
  ["url_extract_protocol('HTTPS://shop.example.com/')", "HTTPS :: varchar"],
  ["url_extract_parameter('https://x.com/?a=1&b=%20c&a=2', 'b')", " c :: varchar"],
  ["url_extract_parameter('https://x.com/?a=1&b', 'b')", " :: varchar"],
  ["url_extract_fragment('https://x.com/#a%20b')", "a b :: varchar"],
  ["url_extract_path('not a url')", "NULL :: varchar"],
  ["url_extract_path('/a/b')", "/a/b :: varchar"],
  ["url_extract_query('https://x.com/')", " :: varchar"],
  ["url_extract_host('x.com/a')", " :: varchar"],
  ["url_extract_query('https://x.com/?a=%20b')", "a= b :: varchar"],
  ["url_extract_path('https://x.com/a%20b')", "/a b :: varchar"],
  ["url_extract_path('https://x.com')", " :: varchar"],
  ["url_extract_path('https://x.com/a b')", "NULL :: varchar"],
  ["url_extract_host('https://u:p@x.com/')", "x.com :: varchar"],
  ["url_extract_host('mailto:a@b.com')", " :: varchar"],
  ["url_extract_host('https://x_y.com/')", " :: varchar"],
  ["url_extract_parameter('https://x.com/?a=1&a=2&c', 'a')", "1 :: varchar"],
  ["url_extract_parameter('https://x.com/?a=1&a=2&c', 'z')", "NULL :: varchar"],
  ["url_extract_parameter('https://x.com/?a=b+c%2B', 'a')", "b c+ :: varchar"],
  ["url_extract_parameter('https://x.com/', 'a')", "NULL :: varchar"],
  ["url_extract_path('https://x.com/é')", "/é :: varchar"],
  ["url_decode('')", " :: varchar"],
]);

failsAsTrino([
  ["url_decode('%zz')", "INVALID_FUNCTION_ARGUMENT: URLDecoder: Illegal hex characters in escape (%) pattern"],
]);
