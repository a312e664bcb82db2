import { expect, test } from "vitest";
import { compileInput, compilePath } from "./transform.ts";

const event = { id: "1", detail: { name: 'A "quoted"', n: 2, list: [{ x: "first" }], "with space": true } };
const names = { ruleArn: "arn:rule", ruleName: "r", ingestionTime: "2011-01-01T00:00:00Z" };
const transformed = (
  inputTemplate: string,
  inputPaths = { name: "$.detail.name", n: "$.detail.n", none: "$.detail.none" },
) => compileInput({ inputTransformer: { inputPaths, inputTemplate } })(event, names);

test("the whole event, a constant, or the part at a path", () => {
  expect(compileInput({})(event, names)).toBe(JSON.stringify(event));
  expect(compileInput({ input: '{"c":1}' })(event, names)).toBe('{"c":1}');
  expect(compileInput({ inputPath: "$.detail.list[0]" })(event, names)).toBe('{"x":"first"}');
});

test("a template writes texts with their quotes outside a text, and bare within one", () => {
  expect(transformed('{"who": <name>, "n": <n>, "said": "n is <n>, <name>"}')).toBe(
    '{"who": "A \\"quoted\\"", "n": 2, "said": "n is 2, A \\"quoted\\""}',
  );
  expect(transformed('"<aws.events.rule-name> at <aws.events.event.ingestion-time>"')).toBe(
    '"r at 2011-01-01T00:00:00Z"',
  );
});

test("a path that finds nothing writes nothing", () => {
  expect(transformed('"[<none>]"')).toBe('"[]"');
});

test("paths", () => {
  expect(compilePath("$.detail['with space']")(event)).toBe(true);
  expect(() => compilePath("$..name")).toThrow("is not a path EventBridge accepts");
  expect(() => transformed("<unknown>")).toThrow("no input path defines");
  expect(() => compileInput({ input: "1", inputPath: "$" })).toThrow("only one of");
});
