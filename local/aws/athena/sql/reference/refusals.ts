import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Something that a rule refuses, and what to write instead where it says so. */
export interface Refusal {
  readonly what: string;
  readonly instead: string;
}

/**
 * What the rules refuse by name, read from their own source: every `refuse(node, what, instead)` that says what to write
 * instead. Parts of a text that only a query decides stand as `...`.
 */
export function refusalsIn(folder: string): readonly Refusal[] {
  const found = new Map<string, Refusal>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
    const text = readFileSync(join(folder, name), "utf8");
    const visit = (node: ts.Node): void => {
      const refusal = ts.isCallExpression(node) ? refusalOf(node) : undefined;
      if (refusal !== undefined) found.set(`${refusal.what} ${refusal.instead}`, refusal);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  }
  return [...found.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const sortKey = ({ what, instead }: Refusal): string => `${what.toLowerCase()}\0${instead}`;

function refusalOf({ expression, arguments: args }: ts.CallExpression): Refusal | undefined {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== "refuse") return undefined;
  const [what, instead] = args.slice(-2).map(textOf);
  // What begins with a part that only the query knows says nothing here.
  const says = args.length === 3 && what !== undefined && !what.startsWith("...");
  return says && instead !== undefined ? { what, instead } : undefined;
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `...${literal.text}`).join("");
}
