import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEvent } from "./split.ts";

/** What the whole text says, by the engine's own parser. */
function whole(text: string): { event: unknown; data: unknown } | "not JSON" {
  try {
    const event = JSON.parse(text);
    return { event, data: event?.data };
  } catch {
    return "not JSON";
  }
}

function apart(text: string): { event: unknown; data: unknown } | "not JSON" {
  try {
    const { event, dataText } = parseEvent(text);
    return { event, data: dataText === "" ? undefined : JSON.parse(dataText) };
  } catch {
    return "not JSON";
  }
}

describe("parseEvent", () => {
  test.each([
    ["data last", '{"id":"1","data":{"a":1.50}}', '{"a":1.50}'],
    ["data before plain members", '{"id":"1","data":{"a":{"b":[]}},"correlationid":"c"}', '{"a":{"b":[]}}'],
    ["blanks in data are kept", '{"id":"1","data":{ "a" : 1 },"x":"y"}', '{ "a" : 1 }'],
    ["data first is printed again", '{"data":{ "a" : 1 },"id":"1"}', '{"a":1}'],
    [
      "a member that looks like data inside data",
      '{"id":"1","data":{"k":"x","data":{"a":1}},"z":"1"}',
      '{"k":"x","data":{"a":1}}',
    ],
    ["text that looks like data", '{"id":"\\",\\"data\\":{","data":{"a":1}}', '{"a":1}'],
  ])("%s", (_case, text, dataText) => {
    expect(parseEvent(text)).toEqual({ event: JSON.parse(text), dataText });
  });

  test.each([
    '{"x":"a,"data":{"b":1}","c":"d"}',
    '{"a":"x\\","data":{},"}',
    '{"x":["1","data":{},"b"]}',
    '{,"data":{}}',
    '{"a":"1","data":{"b":1},}',
    '{"a":"1","data":{"b":1}',
    '{"a":"1","data":{"b":1},"c":"d","e":{"f":1}',
  ])("is not fooled by %s", (text) => {
    expect(() => parseEvent(text)).toThrow(SyntaxError);
  });

  test("a repeated member counts as JSON.parse counts it", () => {
    const text = '{"a":"1","data":{"b":1},"data":"x"}';
    expect(parseEvent(text)).toEqual({ event: { a: "1", data: "x" }, dataText: '"x"' });
  });

  test("says of any text what JSON.parse says of it (002-10)", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      '"data":',
      ',"data":{',
      '{"data":{',
      '"a"',
      '"b"',
      "1",
      " ",
      "},",
      '},"c":"d"',
      '"x":"y"',
      '"id":"1"',
    );
    const shaped = fc
      .tuple(fc.json(), fc.json(), fc.array(piece, { maxLength: 4 }))
      .map(([data, other, noise]) => `{"id":"1","data":${data},"t":${other}${noise.join("")}}`);
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => `{${pieces.join("")}`),
      shaped,
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(apart(text)).toEqual(whole(text));
      }),
      { numRuns: 20_000 },
    );
  });
});
