import { describe, expect, test } from "vitest";
import { Source } from "./ast.ts";
import { SqlError } from "./errors.ts";

const errorOf = (sql: string): unknown => {
  try {
    new Source(sql).parse();
    return undefined;
  } catch (error) {
    return error instanceof SqlError ? error.message : error;
  }
};

describe("a text that was parsed before", () => {
  test("gives the same tree, with its positions behind marks", () => {
    const sql = "SELECT ?, BIGINT '5',\n  nope(a) FROM t WHERE b = ?";
    const [first, again] = [new Source(sql), new Source(sql)];
    const [tree, same] = [first.parse(), again.parse()];
    expect(tree.kind).toBe("select");
    expect(same).toEqual(tree);
    const position = (source: Source, root: typeof tree) =>
      source.position(source.nodes(root.members["expressions"])[2]?.members);
    expect(position(again, same)).toEqual({ line: 2, column: 8 });
    expect(position(first, tree)).toEqual({ line: 2, column: 8 });
  });

  test("is refused again, however many texts came between", () => {
    const refused = errorOf("SELECT FROM WHERE");
    expect(refused).toMatch(/^SYNTAX_ERROR: /);
    for (let n = 0; n < 40; n++) expect(new Source(`SELECT ${n}`).parse().kind).toBe("select");
    expect(errorOf("SELECT FROM WHERE")).toBe(refused);
    expect(errorOf("SELECT FROM WHERE")).toBe(refused);
  });
});
