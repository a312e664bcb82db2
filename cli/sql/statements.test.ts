import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStatements, onOneLine, says, statementsIn } from "./statements.ts";

describe("statementsIn", () => {
  it("takes apart at ; outside of texts, names and comments", () => {
    const text = `SELECT 'a;''b' AS "x;y"; -- one; two
/* three; */ SELECT 2
;
SELECT 3`;
    expect(statementsIn(text)).toEqual({
      complete: [
        { sql: `SELECT 'a;''b' AS "x;y"`, line: 1 },
        { sql: "-- one; two\n/* three; */ SELECT 2", line: 1 },
      ],
      rest: "\nSELECT 3",
      restLine: 4,
    });
  });

  it("waits for the end of what is open", () => {
    for (const open of ["SELECT 'it;", 'SELECT "it;', "SELECT 1 /* ;", "SELECT 1 -- ;"])
      expect(statementsIn(open)).toEqual({ complete: [], rest: open, restLine: 1 });
  });

  it("leaves out statements that say nothing", () => {
    expect(statementsIn(";; -- nothing\n ; SELECT 1;").complete).toEqual([{ sql: "SELECT 1", line: 2 }]);
    expect([says(" -- x\n"), says("/* x */"), says("1")]).toEqual([false, false, true]);
  });

  it("gives the same whatever the pieces a text arrives in", () => {
    const piece = fc.constantFrom("SELECT 1", ";", "'", '"', "--", "\n", "/*", "*/", " ", "x;y");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const whole = statementsIn(pieces.join(""));
        let rest = "";
        const complete: string[] = [];
        for (const next of pieces) {
          // A `-` or `/` at the end of a piece may begin a comment, so pieces end where tokens do.
          const typed = statementsIn(rest + next);
          complete.push(...typed.complete.map(({ sql }) => sql));
          rest = typed.rest;
        }
        expect([complete, rest]).toEqual([whole.complete.map(({ sql }) => sql), whole.rest]);
      }),
    );
  });
});

it("allStatements takes the last one with or without ;", () => {
  expect(allStatements("SELECT 1;\n\nSELECT 2 -- two")).toEqual([
    { sql: "SELECT 1", line: 1 },
    { sql: "SELECT 2 -- two", line: 3 },
  ]);
  expect([allStatements("SELECT 1;\n"), allStatements(" -- nothing\n")]).toEqual([[{ sql: "SELECT 1", line: 1 }], []]);
});

it("onOneLine joins lines unless that would change the statement", () => {
  expect(onOneLine(["SELECT 'a  b',", "", "    2", ";"])).toBe("SELECT 'a  b', 2 ;");
  expect([onOneLine(["SELECT 1 -- one", ", 2;"]), onOneLine(["SELECT 'two", "lines';"])]).toEqual([
    undefined,
    undefined,
  ]);
});
