import { typeForms } from "../data-type.ts";
import { expressionRules } from "../expressions/rules.ts";
import { aliasesOf } from "../functions/calls.ts";
import { hints } from "../functions/hints.ts";
import { jsonForms } from "../functions/json.ts";
import { clauses } from "../queries/by-kind.ts";
import { commands } from "../statements/commands.ts";
import { changes } from "../statements.ts";
import { surprises } from "../warnings.ts";
import type { Written } from "../written.ts";
import { type Refusal, refusalsIn } from "./refusals.ts";
import { type Family, functionFamilies, functionNames } from "./rules.ts";
import { serdeForms, statementRefusals } from "./statements.ts";
import { trinoFunctions } from "./trino-functions.ts";

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll("|", "\\|");
const codeCell = (text: string): string => cell(code(text));
const list = (forms: readonly string[]): string => forms.map((form) => `- ${code(form)}`).join("\n");
const formsOf = (rules: readonly Written[]): readonly string[] => [
  ...new Set(rules.flatMap(({ forms = [] }) => forms)),
];

/** Functions of Trino that have no rule, and no hint of what to write instead. */
export function missingFunctions(): readonly string[] {
  const operators = Object.values(expressionRules).flatMap(({ forms = [] }) => forms);
  const known = new Set([...functionNames(), ...operators.map(firstWord)]);
  return trinoFunctions.filter((name) => !known.has(name) && hints[name] === undefined);
}

/** The page of what Athena SQL runs on this machine: all of it comes from the rules. */
export function sqlPage(): string {
  const statements = formsOf([...Object.values(changes), ...commands.map(([, command]) => command)]);
  const operators = Object.entries(expressionRules).filter(([kind]) => !Object.hasOwn(jsonForms, kind));
  return `${[
    intro,
    "## Statements",
    list(["SELECT ...", ...statements]),
    "### Files of external tables",
    "By SerDe, with the columns and properties that are read; others are refused by name. Lines may be compressed (`.gz`, `.zst`), and `skip.header.line.count` leaves out a header.",
    serdeTable(),
    "## Parts of a SELECT",
    list(Object.values(clauses)),
    "UNION, INTERSECT and EXCEPT, with or without ALL, join queries, and INTERSECT binds tighter; `VALUES ...`, `TABLE t` and a query in parentheses, each with ORDER BY and LIMIT after it, are queries, too. `FOR TIMESTAMP AS OF x` and `FOR VERSION AS OF id` after the name of an Iceberg table read an earlier state of it.",
    "## Types",
    list(typeForms),
    "## Operators and expressions",
    list(formsOf(operators.map(([, rule]) => rule))),
    "## Functions",
    functionsIntro,
    ...functionFamilies().flatMap(familySection),
    "## Right, and surprising",
    "These run, and give what Athena gives. `c360 query` and `c360 sql` warn of them.",
    surpriseTable(),
    "## What is refused, and what to write instead",
    "The message of a refusal says the same.",
    refusalTable(Object.entries(hints).map(([what, instead]) => ({ what, instead }))),
    "### Statements that are not here",
    refusalTable(statementRefusals),
    "### Forms that are not here",
    refusalTable(refusalsIn(`${import.meta.dirname}/..`)),
    "### Functions of Trino that are not here",
    "Refused by name. Geospatial, machine learning and sketch functions (HyperLogLog, t-digest, ...) are not here either.",
    missingFunctions().map(code).join(", "),
  ].join("\n\n")}\n`;
}

/** Marks what agrees with Trino but for the last digits. */
const NEARLY = "≈";

const firstWord = (form: string): string => /^\w*/.exec(form)?.[0].toLowerCase() ?? "";

const intro = `# Athena SQL on this machine

Made from the translator's rules by \`npm run docs:sql\`. Athena engine version 3 is Trino: what is listed here gives Trino's
rows and types, and everything else is refused by name, with its position.

\`c360 query --explain "..."\` shows what becomes of a statement: the tables and files that it reads, and the DuckDB SQL.`;

const functionsIntro = `Arguments by type; a quoted one must be a literal. \`T\`, \`K\`, \`V\`, \`S\`, \`R\`, \`U\` stand for any type that the function takes,
\`number\` for any type of number, \`n\` for a literal whole number, \`[, x]\` for an argument that may be left out. Whole numbers and
decimals may stand where a double is asked for, smaller integers where a bigint is; a timestamp may have a time zone.

Doubles are Trino's to the last bit, but for sums and means, whose last digits the order of the rows decides, and for functions
with a ${NEARLY}: of those Java's own library promises no more than one unit in the last place.`;

function familySection({ title, page, functions }: Family): readonly string[] {
  const rows = functions.map(({ name, forms, nearly }) => {
    const aliases = aliasesOf(name);
    const also = aliases.length === 0 ? "" : ` (also ${aliases.map(code).join(", ")})`;
    return `| ${code(name)}${nearly ? ` ${NEARLY}` : ""}${also} | ${forms.map(codeCell).join("<br>")} |`;
  });
  const link = `[${title}](https://trino.io/docs/476/functions/${page}.html)`;
  return [`### ${link}`, ["| function | call |", "|---|---|", ...rows].join("\n")];
}

function surpriseTable(): string {
  const rows = Object.values(surprises).map(
    ({ title, example, what, instead }) => `| ${title} | ${codeCell(example)} | ${cell(what)} | ${cell(instead)} |`,
  );
  return ["| what | for example | because | instead |", "|---|---|---|---|", ...rows].join("\n");
}

function serdeTable(): string {
  const rows = serdeForms.map(([serde, columns]) => `| ${serde} | ${columns} |`);
  return ["| SerDe | columns |", "|---|---|", ...rows].join("\n");
}

function refusalTable(refusals: readonly Refusal[]): string {
  const rows = refusals.map(({ what, instead }) => `| ${cell(what)} | ${cell(instead)} |`);
  return ["| refused | instead |", "|---|---|", ...rows].join("\n");
}
