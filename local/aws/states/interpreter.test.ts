import { expect, test } from "vitest";
import { bench, lambdaState, machine } from "./fixture.ts";

/** Each: what a machine gives for an input. Facts on Step Functions' JSONata semantics, checked against recordings of AWS. */
const outputs: readonly {
  readonly name: string;
  readonly states: Readonly<Record<string, unknown>>;
  readonly input?: unknown;
  readonly output: unknown;
}[] = [
  {
    name: "a Pass without Output passes its input on",
    states: { A: { Type: "Pass", End: true } },
    input: { a: 1 },
    output: { a: 1 },
  },
  {
    name: "Assign and Output read the variables as they were on entry",
    states: {
      A: { Type: "Pass", Assign: { x: 1 }, Next: "B" },
      B: { Type: "Pass", Assign: { x: 2, y: "{% $x + 10 %}" }, Output: "{% $x %}", Next: "C" },
      C: { Type: "Pass", Output: { before: "{% $states.input %}", x: "{% $x %}", y: "{% $y %}" }, End: true },
    },
    output: { before: 1, x: 2, y: 11 },
  },
  {
    name: "text around an expression makes it plain text",
    states: { A: { Type: "Pass", Output: [" {% $states.input %} ", "{% 1 %}x", "$states.input"], End: true } },
    output: [" {% $states.input %} ", "{% 1 %}x", "$states.input"],
  },
  {
    name: "undefined drops out inside one expression, null passes",
    states: {
      A: {
        Type: "Pass",
        Output: "{% {'gone': $states.input.none, 'list': [1, $states.input.none], 'nil': null} %}",
        End: true,
      },
    },
    output: { list: [1], nil: null },
  },
  {
    name: "a filter that leaves one element gives the element, [] keeps the array",
    states: {
      A: {
        Type: "Pass",
        Output: { one: "{% $states.input.l[v=1] %}", kept: "{% $states.input.l[v=1][] %}" },
        End: true,
      },
    },
    input: { l: [{ v: 1 }, { v: 2 }] },
    output: { one: { v: 1 }, kept: [{ v: 1 }] },
  },
  {
    name: "a Choice takes the first rule that holds, with that rule's own Output and Assign",
    states: {
      A: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.n > 10 %}", Next: "B" },
          { Condition: "{% $states.input.n > 1 %}", Output: "{% 'rule' %}", Assign: { by: "second" }, Next: "B" },
        ],
        Default: "B",
        Output: "{% 'default' %}",
      },
      B: { Type: "Pass", Output: { from: "{% $states.input %}", by: "{% $by %}" }, End: true },
    },
    input: { n: 5 },
    output: { from: "rule", by: "second" },
  },
  {
    name: "the Choice's own Output belongs to its Default; a boolean Condition is accepted",
    states: {
      A: { Type: "Choice", Choices: [{ Condition: false, Next: "B" }], Default: "B", Output: "plain" },
      B: { Type: "Succeed" },
    },
    output: "plain",
  },
  {
    name: "a Map runs its processor for each item; its variables do not leak out",
    states: {
      A: {
        Type: "Map",
        Items: "{% $states.input.items %}",
        ItemSelector: {
          value: "{% $states.context.Map.Item.Value %}",
          index: "{% $states.context.Map.Item.Index %}",
          all: "{% $count($states.input.items) %}",
        },
        MaxConcurrency: 2,
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "I",
          States: {
            I: {
              Type: "Pass",
              Assign: { inner: 1 },
              Output: "{% $states.input.value & ':' & $states.input.index & '/' & $states.input.all %}",
              End: true,
            },
          },
        },
        Next: "B",
      },
      B: { Type: "Pass", Output: { results: "{% $states.input %}", leaked: "{% $exists($inner) %}" }, End: true },
    },
    input: { items: ["a", "b", "c"] },
    output: { results: ["a:0/3", "b:1/3", "c:2/3"], leaked: false },
  },
  {
    name: "a Map over nothing gives nothing",
    states: {
      A: { Type: "Map", Items: [], ItemProcessor: { StartAt: "I", States: { I: { Type: "Succeed" } } }, End: true },
    },
    output: [],
  },
  {
    name: "a Parallel gives the results of its branches in their order",
    states: {
      A: {
        Type: "Parallel",
        Arguments: "{% $states.input.n %}",
        Branches: [
          {
            StartAt: "L",
            States: {
              L: { Type: "Wait", Seconds: 60, Next: "M" },
              M: { Type: "Pass", Output: "{% $states.input + 1 %}", End: true },
            },
          },
          { StartAt: "R", States: { R: { Type: "Pass", Output: "{% $states.input + 2 %}", End: true } } },
        ],
        End: true,
      },
    },
    input: { n: 1 },
    output: [2, 3],
  },
  {
    name: "the functions that Step Functions adds",
    states: {
      A: {
        Type: "Pass",
        Output: {
          hash: "{% $hash('abc', 'SHA-256') %}",
          partition: "{% $partition([1,2,3,4,5], 2) %}",
          range: "{% $range(0, 4, 2) %}",
          parse: "{% $parse('{\"a\":[1]}').a[0] %}",
          sameSeed: "{% $random(7) = $random(7) %}",
          uuid: "{% $length($uuid()) %}",
          now: "{% $now() %}",
        },
        End: true,
      },
    },
    output: {
      hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      partition: [[1, 2], [3, 4], [5]],
      range: [0, 2, 4],
      parse: 1,
      sameSeed: true,
      uuid: 36,
      now: "2011-01-01T00:00:00.000Z",
    },
  },
  {
    name: "the context object",
    states: {
      A: {
        Type: "Pass",
        Output: {
          state: "{% $states.context.State %}",
          machine: "{% $states.context.StateMachine.Name %}",
          input: "{% $states.context.Execution.Input %}",
        },
        End: true,
      },
    },
    input: { i: 1 },
    output: { state: { Name: "A", EnteredTime: "2011-01-01T00:00:00.000Z" }, machine: "test", input: { i: 1 } },
  },
];

test.each(outputs)("$name", async ({ states, input, output }) => {
  const ended = await bench(machine(states)).run(input);
  expect({
    status: ended["status"],
    error: ended["error"],
    output: JSON.parse(String(ended["output"] ?? "null")),
  }).toEqual({ status: "SUCCEEDED", error: undefined, output });
});

const failures: readonly {
  readonly name: string;
  readonly states: Readonly<Record<string, unknown>>;
  readonly error: string;
  readonly cause: string | RegExp;
}[] = [
  {
    name: "undefined as a whole field is an error in the service's words",
    states: { S: { Type: "Pass", Output: { result: "{% $states.input.x %}" }, End: true } },
    error: "States.QueryEvaluationError",
    cause:
      "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$states.input.x' specified for the field 'Output/result' returned nothing (undefined).",
  },
  {
    name: "no choice and no Default",
    states: { A: { Type: "Choice", Choices: [{ Condition: "{% 1 = 2 %}", Next: "B" }] }, B: { Type: "Succeed" } },
    error: "States.NoChoiceMatched",
    cause: /'A'/,
  },
  {
    name: "a Condition that is no boolean",
    states: { A: { Type: "Choice", Choices: [{ Condition: "{% 1 %}", Next: "B" }] }, B: { Type: "Succeed" } },
    error: "States.QueryEvaluationError",
    cause: /Choices\[0\]\/Condition.*boolean/,
  },
  {
    name: "a Fail names its error",
    states: { A: { Type: "Fail", Error: "{% 'My' & 'Error' %}", Cause: "because" } },
    error: "MyError",
    cause: "because",
  },
  {
    name: "Map over something that is no array",
    states: {
      A: {
        Type: "Map",
        Items: "{% 3 %}",
        ItemProcessor: { StartAt: "I", States: { I: { Type: "Succeed" } } },
        End: true,
      },
    },
    error: "States.QueryEvaluationError",
    cause: /'Items' must give an array/,
  },
  {
    name: "an output longer than 256 KiB",
    states: {
      A: {
        Type: "Pass",
        Output: `{% $join($map($range(1, 1000, 1), function($n) { '${"x".repeat(300)}' })) %}`,
        End: true,
      },
    },
    error: "States.DataLimitExceeded",
    cause: /'A'/,
  },
  {
    name: "a failing Output is not caught by the same state",
    states: {
      A: {
        ...lambdaState,
        Output: "{% $states.result.none %}",
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }],
        End: true,
      },
      B: { Type: "Succeed" },
    },
    error: "States.QueryEvaluationError",
    cause: /'Output' returned nothing/,
  },
];

test.each(failures)("$name", async ({ states, error, cause }) => {
  const ended = await bench(machine(states), () => ({ StatusCode: 200, Payload: Buffer.from("{}") })).run();
  expect({ status: ended["status"], error: ended["error"] }).toEqual({ status: "FAILED", error });
  expect(ended["cause"]).toEqual(typeof cause === "string" ? cause : expect.stringMatching(cause));
});

test("a Fail inside a Map reaches the Map's Catch under its own name", async () => {
  const states = {
    A: {
      Type: "Map",
      Items: [1, 2],
      ItemProcessor: { StartAt: "I", States: { I: { Type: "Fail", Error: "Own.Error", Cause: "c" } } },
      Catch: [{ ErrorEquals: ["Own.Error"], Assign: { seen: "{% $states.errorOutput.Error %}" }, Next: "B" }],
      End: true,
    },
    B: { Type: "Pass", Output: { seen: "{% $seen %}", output: "{% $states.input %}" }, End: true },
  };
  const ended = await bench(machine(states)).run();
  expect(JSON.parse(String(ended["output"]))).toEqual({
    seen: "Own.Error",
    output: { Error: "Own.Error", Cause: "c" },
  });
});

test("failing Arguments are caught", async () => {
  const states = {
    A: {
      ...lambdaState,
      Arguments: "{% $states.input.none %}",
      Catch: [{ ErrorEquals: ["States.ALL"], Output: "caught", Next: "B" }],
      End: true,
    },
    B: { Type: "Succeed" },
  };
  const ended = await bench(machine(states)).run();
  expect(ended["output"]).toBe('"caught"');
});
