import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partitionFilter } from "./partition-filter.ts";

const keys = [
  { name: "n", type: "int" },
  { name: "s", type: "string" },
  { name: "d", type: "date" },
  { name: "m", type: "decimal(10,2)" },
  { name: "t", type: "timestamp" },
  { name: "f", type: "float" },
];
const PARTITIONS = [
  ["2", "two", "2020-01-02", "2.60", "2020-01-02 03:04:05", "1"],
  ["-3", "o'ne", "2020-02-29", "-0.5", "2020-01-02 03:04:05.1", "1"],
  ["007", "2", "1999-12-31", "2.6", "1999-12-31 00:00:00.000000001", "1"],
  ["10", "__HIVE_DEFAULT_PARTITION__", "2024-01-01", "12", "2024-01-01 00:00:00.100000000", "1"],
];

/** The first values of the partitions that an expression asks for. */
const asked = (expression: string): string =>
  PARTITIONS.filter(partitionFilter(expression, keys))
    .map(([n]) => n)
    .join(" ");
const refusal = (expression: string): string => {
  try {
    return `answers ${asked(expression)}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
};

describe("An Expression of GetPartitions", () => {
  test.each([
    ["", "2 -3 007 10"],
    ["n = 2", "2"],
    ["n = '2'", "2"],
    ["n = 7", "007"],
    ["n=-3", "-3"],
    ["n > 9", "10"],
    ["n <> 2 AND n != '10'", "-3 007"],
    ["n >= 2 and n<=7", "2 007"],
    ["n IN (6, '10', 2)", "2 10"],
    ["n not in (2)", "-3 007 10"],
    ["n BETWEEN 2 AND 7", "2 007"],
    ["n NOT BETWEEN 2 AND 7", "-3 10"],
    ["n = 2 OR n = 7 AND s = 'x'", "2"],
    ["(n = 2 OR n = 7) AND (s = 2)", "007"],
    ["((n = 2) or (n = 10))", "2 10"],
    ["s = 'o''ne'", "-3"],
    ["s > 'o' and s < 'tx'", "2 -3"],
    ["s LIKE 't_o'", "2"],
    ["s like '%''n%'", "-3"],
    ["s NOT LIKE '%e%' AND s NOT LIKE '_'", "2 10"],
    ["s LIKE '.*'", ""],
    ["s IS NULL", ""],
    ["s IS NOT NULL", "2 -3 007 10"],
    ["s = '__HIVE_DEFAULT_PARTITION__'", "10"],
    ["d = '2020-02-29'", "-3"],
    ["d < '2020-01-02'", "007"],
    ["m = 2.6", "2 007"],
    ["m < 0", "-3"],
    ["m BETWEEN '2.60' AND 12.0", "2 007 10"],
    ["t = '2020-01-02 03:04:05.100'", "-3"],
    ["t > '2020-01-02 03:04:05' AND t < '2024-01-01 00:00:00.1'", "-3"],
    ["t < '1999-12-31 00:00:00.000000002'", "007"],
  ])("%s", (expression, found) => {
    expect(asked(expression)).toBe(found);
  });

  test.each([
    [
      "nope IS NULL",
      /^InvalidInputException: Invalid partition expression! nope is none of the partition keys n, s, d/,
    ],
    ["N = 2", /^InvalidInputException: Invalid partition expression! N is none/],
    ["n = 'test'", /^InvalidInputException: "test" is not an integer\.$/],
    ["n in (2.5)", /^InvalidInputException: "2\.5" is not an integer\.$/],
    ["n = 2147483648", /^InvalidInputException: "2147483648" is not an integer\.$/],
    ["n LIKE '2'", /^InvalidInputException: Integral data type doesn't support operation 'LIKE'$/],
    ["d LIKE '2%'", /^InvalidInputException: Date data type doesn't support operation 'LIKE'$/],
    ["d = '2021-02-29'", /^InvalidInputException: 2021-02-29 is not a date\.$/],
    ["d = 20200101", /^InvalidInputException: 20200101 is not a date\.$/],
    ["m = 'x'", /^InvalidInputException: x is not a decimal\.$/],
    [
      "t = '2020-01-02'",
      /^InvalidInputException: Timestamp format must be yyyy-mm-dd hh:mm:ss\[\.fffffffff\]: 2020-01-02$/,
    ],
    ["f = 1", /^InvalidInputException: Unknown type : 'float'$/],
    ["s IS test' AND", /^InvalidInputException: Unsupported expression 's IS test' AND': ' at 10 is not expected$/],
    ["n =", /^InvalidInputException: Unsupported expression 'n =': its end at 4 is not expected$/],
    ["n = 2 n", /^InvalidInputException: .*: n at 7 is not expected$/],
    ["2 = n", /^InvalidInputException: .*: 2 at 1 is not expected$/],
    ["n = s", /^InvalidInputException: .*: s at 5 is not expected$/],
    ["(n = 2", /its end at 7/],
    ["n IN ()", /: \) at 7/],
    ["key = 2", /: key at 1/],
    [" ", /its end at 2/],
    ["n = 2; drop", /: ; at 6/],
    [
      "NOT n = 2",
      /^NotImplementedLocally: .*NOT before a condition: write <>, NOT IN, NOT LIKE or NOT BETWEEN \(at 1\)/,
    ],
    ['"n" = 2', /^NotImplementedLocally: .*a quoted column \(at 1\)/],
    ["`n` = 2", /^NotImplementedLocally: .*a quoted column/],
    ["lower(s) = 'a'", /^NotImplementedLocally: .*the function lower \(at 1\)/],
    ["d = date '2020-01-02'", /^NotImplementedLocally: .*DATE before a text: write the text alone \(at 5\)/],
    ["n = (2)", /^NotImplementedLocally: .*a value in parentheses/],
    ["n = 1e3", /^NotImplementedLocally: .*a number of that form \(at 5\)/],
    ["s = 1.50", /^NotImplementedLocally: .*a string with the number 1\.50: write it in quotes/],
    ["s = 'a\\'", /^NotImplementedLocally: .*a backslash before a quote/],
    ["s LIKE 'a!_' ESCAPE '!'", /^NotImplementedLocally: .*LIKE \.\.\. ESCAPE/],
    ["s LIKE 'a\\_'", /^NotImplementedLocally: .*a backslash in LIKE/],
    ["n BETWEEN 7 AND 2", /^NotImplementedLocally: .*BETWEEN 7 AND 2 on n, whose first value is the larger one/],
  ])("%s is refused", (expression, message) => {
    expect(refusal(expression)).toMatch(message);
  });

  test("may have 2048 characters", () => {
    expect(asked(`s = '${"x".repeat(2042)}'`)).toBe("");
    expect(refusal(`s = '${"x".repeat(2043)}'`)).toMatch(/^ValidationException: .*'expression'.*2048$/);
  });

  test("meets a value that its key does not have with InvalidStateException, whatever the other conditions say", () => {
    const filter = partitionFilter("s = 'a' AND n = 1", keys);
    expect(() => filter(["x", "b", "", "", "", ""])).toThrow(
      expect.objectContaining({ name: "InvalidStateException" }),
    );
  });
});

/** Conditions as text, next to what they say of a row. */
interface Case {
  readonly text: string;
  holds(n: number, s: string): boolean;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const texts = fc.string({ unit: fc.constantFrom("a", "b", "%", "_", "'", ".", "é", "(", " "), maxLength: 4 });
const numbers = fc.integer({ min: -20, max: 20 });
const COMPARE: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  "=": (a, b) => a === b,
  "<>": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
/** LIKE by its definition, a character at a time. */
const likes = (text: string, pattern: string): boolean => {
  const [first, rest] = [pattern.slice(0, 1), pattern.slice(1)];
  if (first === "") return text === "";
  if (first === "%") return likes(text, rest) || (text !== "" && likes(text.slice(1), pattern));
  return text !== "" && (first === "_" || first === text.slice(0, 1)) && likes(text.slice(1), rest);
};

const operators = fc.constantFrom(...Object.keys(COMPARE));
const leaf: fc.Arbitrary<Case> = fc.oneof(
  fc.tuple(operators, numbers, fc.boolean()).map(
    ([operator, value, asText]): Case => ({
      text: `n ${operator} ${asText ? `'${value}'` : value}`,
      holds: (n) => COMPARE[operator]?.(n, value) === true,
    }),
  ),
  fc.tuple(operators, texts).map(
    ([operator, value]): Case => ({
      text: `s${operator}${quoted(value)}`,
      holds: (_, s) => COMPARE[operator]?.(s, value) === true,
    }),
  ),
  fc.tuple(fc.array(numbers, { minLength: 1, maxLength: 4 }), fc.boolean()).map(
    ([values, negated]): Case => ({
      text: `n ${negated ? "NOT " : ""}IN (${values.join(", ")})`,
      holds: (n) => values.includes(n) !== negated,
    }),
  ),
  fc.tuple(numbers, fc.nat(10), fc.boolean()).map(
    ([least, more, negated]): Case => ({
      text: `n ${negated ? "not " : ""}between ${least} and ${least + more}`,
      holds: (n) => (n >= least && n <= least + more) !== negated,
    }),
  ),
  fc.tuple(texts, fc.boolean()).map(
    ([pattern, negated]): Case => ({
      text: `s ${negated ? "NOT " : ""}LIKE ${quoted(pattern)}`,
      holds: (_, s) => likes(s, pattern) !== negated,
    }),
  ),
);
const { tree } = fc.letrec<{ tree: Case }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.tuple(tie("tree"), fc.constantFrom("AND", "or"), tie("tree")).map(
      ([a, word, b]): Case => ({
        text: `(${a.text}) ${word} (${b.text})`,
        holds: (n, s) => (word === "AND" ? a.holds(n, s) && b.holds(n, s) : a.holds(n, s) || b.holds(n, s)),
      }),
    ),
  ),
}));

test("A filter says of every partition what its conditions say", () => {
  fc.assert(
    fc.property(tree, fc.array(fc.tuple(numbers, texts), { minLength: 1, maxLength: 10 }), (condition, rows) => {
      fc.pre(condition.text.length <= 2048);
      const filter = partitionFilter(condition.text, keys.slice(0, 2));
      for (const [n, s] of rows) expect(filter([String(n), s])).toBe(condition.holds(n, s));
    }),
    { numRuns: 300 },
  );
});

test("AND binds tighter than OR, however many stand side by side", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(leaf, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      numbers,
      texts,
      (cases, n, s) => {
        const text = cases.map((all) => all.map((one) => one.text).join(" and ")).join(" OR ");
        const expected = cases.some((all) => all.every((one) => one.holds(n, s)));
        expect(partitionFilter(text, keys.slice(0, 2))([String(n), s])).toBe(expected);
      },
    ),
    { numRuns: 200 },
  );
});
