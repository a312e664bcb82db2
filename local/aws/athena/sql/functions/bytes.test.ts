import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["to_base32(X'')", " :: varchar"],
  ["to_base32(X'ff')", "74====== :: varchar"],
  ["to_base32(to_utf8('hello'))", "NBSWY3DP :: varchar"],
  ["to_hex(from_base32('MZXW6YTB'))", "666F6F6261 :: varchar"],
  ["to_hex(from_base32('MZXW6'))", "666F6F :: varchar"],
  ["to_hex(from_base32('MZXW7=========='))", "666F6F :: varchar"],
  ["to_hex(from_base32(to_utf8('ME======')))", "61 :: varchar"],
  ["to_hex(to_big_endian_32(-2))", "FFFFFFFE :: varchar"],
  ["from_big_endian_32(X'fffffffe')", "-2 :: integer"],
  ["to_hex(to_ieee754_32(REAL '1.5'))", "3FC00000 :: varchar"],
  ["to_hex(to_ieee754_32(16777217))", "4B800000 :: varchar"],
  ["from_ieee754_32(X'3dcccccd')", "0.1 :: real"],
  ["to_hex(to_ieee754_64(1))", "3FF0000000000000 :: varchar"],
  ["to_hex(to_ieee754_64(nan()))", "7FF8000000000000 :: varchar"],
  ["from_ieee754_64(X'7ff8000000000001')", "NaN :: double"],
  ["from_ieee754_64(X'3fb999999999999a')", "0.1 :: double"],
  ["to_hex(murmur3(X''))", "00000000000000000000000000000000 :: varchar"],
  ["to_hex(murmur3(to_utf8('hello world')))", "0E617FEB46603F53B163EB607D4697AB :: varchar"],
  ["to_hex(murmur3(to_utf8('0123456789abcdef')))", "A7D14ACF946DE04BDA08A7635C5BC387 :: varchar"],
  ["to_hex(murmur3(to_utf8('hello world hello world hello world')))", "1AC434B80E1388506699254BA1A7E474 :: varchar"],
  ["to_hex(spooky_hash_v2_32(X''))", "6BF50919 :: varchar"],
  ["to_hex(spooky_hash_v2_64(X''))", "232706FC6BF50919 :: varchar"],
  ["to_hex(spooky_hash_v2_64(to_utf8('hello world')))", "CE4E98819BFF125D :: varchar"],
  ["to_hex(spooky_hash_v2_64(to_utf8('0123456789abcdef')))", "E2D06846964B80AD :: varchar"],
  ["to_hex(spooky_hash_v2_64(to_utf8('0123456789abcdef0123456789abcdef0123456789')))", "6B87EFAB17156A2B :: varchar"],
  ["to_hex(spooky_hash_v2_32(to_utf8(lpad('x', 191, 'abc'))))", "8E29CDED :: varchar"],
  ["to_hex(spooky_hash_v2_64(to_utf8(lpad('x', 192, 'abc'))))", "570E791CAFE08A51 :: varchar"],
  ["to_hex(spooky_hash_v2_64(to_utf8(lpad('x', 300, 'abc'))))", "F4E585E8A7AF5B3C :: varchar"],
  ["murmur3(CAST(NULL AS varbinary))", "NULL :: varbinary"],
]);

failsAsTrino([
  ["from_base32('M')", "Invalid input length 1"],
  ["from_base32('mzxw6')", "Unrecognized character: m"],
  ["from_base32('M=ZX')", "Unrecognized character: ="],
  ["from_big_endian_32(X'00')", "expected 4-byte input, but got instead: 1"],
  ["from_ieee754_32(X'00')", "Input floating-point value must be exactly 4 bytes long"],
  ["from_ieee754_64(X'00')", "Input floating-point value must be exactly 8 bytes long"],
]);

refusesByName([
  ["to_big_endian_32(BIGINT '1')", "to_big_endian_32 of (bigint) is not implemented locally"],
  ["to_ieee754_32(1e0)", "to_ieee754_32 of (double) is not implemented locally"],
  ["to_ieee754_32(1.1)", "to_ieee754_32 of (decimal(2,1)) is not implemented locally"],
  ["murmur3('a')", "murmur3 of (varchar) is not implemented locally"],
]);
