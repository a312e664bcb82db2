import { expect, test } from "vitest";
import { parseDefinition } from "./definition.ts";
import { InvalidDefinition } from "./errors.ts";

const pass = { Type: "Pass", End: true };
const refusals: readonly { readonly name: string; readonly definition: unknown; readonly problem: RegExp }[] = [
  {
    name: "JSONPath machines",
    definition: { StartAt: "A", States: { A: pass } },
    problem: /QueryLanguage JSONPath is not implemented/,
  },
  {
    name: "a JSONPath state",
    definition: jsonata({ A: { ...pass, QueryLanguage: "JSONPath" } }),
    problem: /JSONPath is refused in a JSONata machine/,
  },
  {
    name: "JSONPath fields",
    definition: jsonata({ A: { ...pass, InputPath: "$.a" } }),
    problem: /state A: field InputPath/,
  },
  { name: "an unknown Next", definition: jsonata({ A: { Type: "Pass", Next: "B" } }), problem: /there is no state B/ },
  {
    name: "$eval",
    definition: jsonata({ A: { ...pass, Output: "{% $eval('1') %}" } }),
    problem: /Output: \$eval is not available/,
  },
  {
    name: "malformed JSONata, with its position",
    definition: jsonata({ A: { ...pass, Output: { a: "{% 1 + %}" } } }),
    problem: /Output\/a: .*does not parse.*position/,
  },
  {
    name: "an assignment to an outer variable",
    definition: jsonata({
      A: { ...pass, Assign: { x: 1 }, End: undefined, Next: "M" },
      M: map({ I: { ...pass, Assign: { x: 2 } } }),
    }),
    problem: /state I assigns \$x, which belongs to an outer scope/,
  },
  {
    name: "a task token",
    definition: jsonata({ A: task("arn:aws:states:::lambda:invoke.waitForTaskToken") }),
    problem: /lambda:invoke\.waitForTaskToken is not implemented locally/,
  },
  {
    name: "a function as Resource",
    definition: jsonata({ A: task("arn:aws:lambda:eu-west-1:123456789012:function:f") }),
    problem: /call a function through arn:aws:states:::lambda:invoke/,
  },
  {
    name: "a service that is not run",
    definition: jsonata({ A: task("arn:aws:states:::aws-sdk:polly:describeVoices") }),
    problem: /calls no service polly/,
  },
  {
    name: "a distributed Map",
    definition: jsonata({
      M: map({ I: pass }, { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } }),
    }),
    problem: /mode DISTRIBUTED/,
  },
  {
    name: "a heartbeat",
    definition: jsonata({ A: { ...task("arn:aws:states:::lambda:invoke"), HeartbeatSeconds: 3 } }),
    problem: /field HeartbeatSeconds/,
  },
  { name: "no JSON", definition: "{", problem: /not JSON/ },
];

function jsonata(states: Readonly<Record<string, unknown>>) {
  return { QueryLanguage: "JSONata", StartAt: Object.keys(states)[0], States: states };
}

function task(resource: string) {
  return { Type: "Task", Resource: resource, Arguments: {}, End: true };
}

function map(states: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) {
  return {
    Type: "Map",
    Items: [],
    ItemProcessor: { StartAt: Object.keys(states)[0], States: states, ...more },
    End: true,
  };
}

test.each(refusals)("refused: $name", ({ definition, problem }) => {
  const parse = () => parseDefinition("m", typeof definition === "string" ? definition : JSON.stringify(definition));
  expect(parse).toThrow(InvalidDefinition);
  expect(parse).toThrow(problem);
});

test("SDK integrations are read generically", () => {
  const { graph } = parseDefinition(
    "m",
    JSON.stringify(jsonata({ A: task("arn:aws:states:::aws-sdk:glue:startDataQualityRulesetEvaluationRun") })),
  );
  const state = graph.states.get("A");
  expect(state?.type === "Task" ? state.integration : undefined).toEqual({
    kind: "call",
    service: "glue",
    operation: "StartDataQualityRulesetEvaluationRun",
    errors: "Glue",
    resourceType: "aws-sdk:glue",
    sdk: true,
  });
});
