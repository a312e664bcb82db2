import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeAwsChunked, isAwsChunked } from "./aws-chunked.ts";
import { queryCodec } from "./codec-query.ts";
import { fromJson, toJson } from "./json-text.ts";
import { createMeter } from "./meter.ts";
import { readScope } from "./scope.ts";
import { element } from "./xml.ts";

test("aws-chunked bodies come out as they went in, however they were cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 })), (chunks) => {
      const framed = Buffer.concat([
        ...chunks.flatMap((chunk) => [
          Buffer.from(`${chunk.length.toString(16)};chunk-signature=0a\r\n`),
          chunk,
          Buffer.from("\r\n"),
        ]),
        Buffer.from("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"),
      ]);
      const { body, trailers } = decodeAwsChunked(framed);
      expect(body).toEqual(Buffer.concat(chunks));
      expect(trailers).toEqual({ "x-amz-checksum-crc32": "AAAAAA==" });
    }),
  );
});

test.each(["5\r\nab", "5\r\nabcde", "zz\r\n", "5"])("broken framing %j is refused", (framed) => {
  expect(() => decodeAwsChunked(Buffer.from(framed))).toThrow("The aws-chunked body");
});

test("framing is announced by either header", () => {
  expect(isAwsChunked({ "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" })).toBe(true);
  expect(isAwsChunked({ "content-encoding": "gzip, aws-chunked" })).toBe(true);
  expect(isAwsChunked({ "content-encoding": "gzip" })).toBe(false);
});

test("JSON has times as seconds, bytes as base64, maps as objects", () => {
  const value = {
    at: new Date(1500),
    bytes: new Uint8Array([104, 105]),
    buffer: Buffer.from("hi"),
    map: new Map([["a", 1]]),
    none: undefined,
    big: 5n,
  };
  expect(JSON.parse(toJson(value))).toEqual({ at: 1.5, bytes: "aGk=", buffer: "aGk=", map: { a: 1 }, big: 5 });
  expect(fromJson(Buffer.alloc(0))).toEqual({});
  for (const text of ["[1]", "null", "{", "1"]) {
    expect(() => fromJson(Buffer.from(text))).toThrow(expect.objectContaining({ code: "SerializationException" }));
  }
});

test("XML has lists as members, maps as entries, and nothing for undefined", () => {
  expect(
    element("A", { list: ["x", "<y>"], map: new Map([["k", { v: true }]]), none: undefined, at: new Date(0) }),
  ).toBe(
    "<A><list><member>x</member><member>&lt;y&gt;</member></list>" +
      "<map><entry><key>k</key><value><v>true</v></value></entry></map><at>1970-01-01T00:00:00.000Z</at></A>",
  );
});

test("a form's lists keep their order and may nest", () => {
  const form =
    "Action=Do&Version=1&L.member.10=j&L.member.2=b&L.member.1.Deep=a&M.entry.1.key=k&M.entry.1.value=v&Text=a%2Bb+c";
  const request = {
    method: "POST",
    path: "/",
    rawPath: "/",
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(form),
  };
  expect(queryCodec("sns", "x").read(request)).toEqual({
    operation: "Do",
    input: { L: [{ Deep: "a" }, "b", "j"], M: { k: "v" }, Text: "a+b c" },
  });
  expect(() => queryCodec("sns", "x").read({ ...request, body: Buffer.from("A=1") })).toThrow("has no Action");
});

test("the credential scope names key, region and service", () => {
  const header =
    "AWS4-HMAC-SHA256 Credential=KEY/20111210/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=0";
  expect(readScope(header, new URLSearchParams())).toEqual({
    accessKeyId: "KEY",
    region: "eu-west-1",
    service: "kinesis",
  });
  expect(() => readScope("AWS4-ECDSA-P256-SHA256 x", new URLSearchParams())).toThrow(
    "the signature algorithm AWS4-ECDSA-P256-SHA256",
  );
  expect(() => readScope("AWS4-HMAC-SHA256 Credential=KEY", new URLSearchParams())).toThrow("no credential scope");
});

test("the trace keeps the last calls in order", () => {
  const meter = createMeter(3);
  for (let time = 0; time < 5; time++) {
    meter.record({ time, service: "s", operation: "O", role: "r", took: 1, via: "http", requestId: "i" }, 10, 20);
  }
  expect(meter.trace().map(({ time }) => time)).toEqual([2, 3, 4]);
  expect(meter.readings()).toEqual([{ service: "s", operation: "O", calls: 5, errors: 0, bytesIn: 50, bytesOut: 100 }]);
});
