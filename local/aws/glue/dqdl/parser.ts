import type { AtomicRule, Rule, Ruleset } from "./ast.ts";
import { readCondition, readThreshold } from "./conditions.ts";
import { TokenReader } from "./reader.ts";
import { checkRule } from "./rule-types.ts";
import { DqdlError } from "./tokens.ts";

/** Sections of the language that Glue evaluates in ETL jobs only, or that this runtime leaves out. */
const OTHER_SECTIONS = new Set(["Metadata", "DataSources", "DefaultLabels", "Analyzers"]);

/**
 * Parses and checks a ruleset of the Data Quality Definition Language as the Data Catalog takes it.
 * @throws DqdlError with line and column: `invalid` for what the language refuses, `unsupported` for what is left out here.
 */
export function parseRuleset(text: string): Ruleset {
  const reader = new TokenReader(text);
  refuseOtherSections(reader);
  reader.word("Rules");
  reader.symbol("=");
  reader.symbol("[");
  const rules = [readRule(reader)];
  while (reader.takeSymbol(",")) rules.push(readRule(reader));
  reader.symbol("]");
  refuseOtherSections(reader);
  if (reader.token.kind !== "end") throw reader.unexpected("the end of the text");
  return { rules };
}

function refuseOtherSections(reader: TokenReader): void {
  const { kind, text, position } = reader.token;
  if (kind !== "word" || text === "Rules") return;
  if (OTHER_SECTIONS.has(text))
    throw new DqdlError("unsupported", `section ${text} is not implemented locally`, position);
  throw new DqdlError("unsupported", `${text}: variables are not implemented locally`, position);
}

function readRule(reader: TokenReader): Rule {
  if (!reader.isSymbol("(")) return readAtomic(reader);
  const parts = [readPart(reader)];
  let operator: "and" | "or" | undefined;
  for (;;) {
    const found =
      reader.takeWord("and") || reader.takeWord("AND")
        ? "and"
        : reader.takeWord("or") || reader.takeWord("OR")
          ? "or"
          : undefined;
    if (found === undefined) break;
    if (operator !== undefined && operator !== found)
      throw new DqdlError("invalid", "and mixed with or: put parentheses around one of them", reader.position);
    operator = found;
    parts.push(readPart(reader));
  }
  const [only] = parts;
  if (operator === undefined && only !== undefined) return only;
  return { kind: "composite", operator: operator ?? "and", parts };
}

function readPart(reader: TokenReader): Rule {
  reader.symbol("(");
  const rule = readRule(reader);
  reader.symbol(")");
  return rule;
}

function readAtomic(reader: TokenReader): AtomicRule {
  const { position } = reader;
  if (reader.token.kind !== "word") throw reader.unexpected("a rule");
  const type = reader.next().text;
  const parameters: string[] = [];
  // `of` between type and column is decoration.
  if (!reader.takeWord("of")) reader.takeWord("OF");
  while (reader.isString()) parameters.push(reader.next().text);
  const condition = readCondition(reader);
  const where = reader.takeWord("where") ? reader.string("a predicate") : undefined;
  const threshold = readWith(reader);
  if (reader.isWord("labels"))
    throw new DqdlError("unsupported", "labels are evaluated by Glue ETL only", reader.position);
  const rule: AtomicRule = {
    kind: "rule",
    type,
    parameters,
    ...(condition === undefined ? {} : { condition }),
    ...(where === undefined ? {} : { where }),
    ...(threshold === undefined ? {} : { threshold }),
    position,
  };
  checkRule(rule);
  return rule;
}

function readWith(reader: TokenReader): AtomicRule["threshold"] {
  if (!reader.takeWord("with")) return undefined;
  if (!reader.takeWord("threshold"))
    throw new DqdlError("unsupported", `"with ${reader.token.text}" is not implemented locally`, reader.position);
  return readThreshold(reader);
}
