import { beforeAll, describe, expect, test } from "vitest";
import { answers } from "./fixture.ts";

/** Tests of expressions, or of whole queries, by what a real Trino says of them. */
type Cases = readonly (readonly [expression: string, answer: string])[];

const query = (text: string): string =>
  /^(SELECT|WITH|VALUES) |^\(.*\) (ORDER|UNION|INTERSECT|EXCEPT) /.test(text) ? text : `SELECT ${text} AS x`;

function group(title: string, cases: Cases, check: (answer: Promise<string>, expected: string) => Promise<void>): void {
  describe(title, () => {
    let ask: (sql: string) => Promise<string>;
    beforeAll(async () => {
      ask = await answers();
    });
    test.each(cases)("%s", (expression, expected) => check(ask(query(expression)), expected));
  });
}

const failure = (answer: Promise<string>, expected: string): Promise<void> => expect(answer).rejects.toThrow(expected);

/** Value and type, e.g. `[1, 2] :: array(integer)`. */
export function givesTrinosAnswer(cases: Cases): void {
  group("gives Trino's answer", cases, async (answer, expected) => expect(await answer).toBe(expected));
}

/** Where Trino fails too. */
export function failsAsTrino(cases: Cases): void {
  group("fails as Trino does", cases, failure);
}

/** What Trino answers and the local engine does not. */
export function refusesByName(cases: Cases): void {
  group("refuses by name", cases, failure);
}
