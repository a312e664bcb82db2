import { aggregates } from "../aggregates.ts";
import { arrayFunctions } from "../array-functions.ts";
import { byteFunctions } from "../byte-functions.ts";
import { aliasesOf } from "../calls.ts";
import { dateFunctions } from "../date-functions.ts";
import { specialForms } from "../expression.ts";
import { functions } from "../functions.ts";
import { jsonForms, jsonFunctions } from "../json-functions.ts";
import { lambdaFunctions } from "../lambdas.ts";
import { mapFunctions } from "../map-functions.ts";
import { mathFunctions } from "../math-functions.ts";
import { formedAggregates } from "../more-aggregates.ts";
import { regexpFunctions } from "../regexp-functions.ts";
import { sessionFunctions } from "../session-functions.ts";
import { textFunctions } from "../text-functions.ts";
import { windowForms } from "../windows.ts";
import type { Written } from "../written.ts";

/** A function, how it is called, and whether its doubles agree with Trino's but for the last digits. */
export interface FunctionForms {
  readonly name: string;
  readonly forms: readonly string[];
  readonly nearly: boolean;
}

/** Functions that belong together, as their rules have them. */
export interface Family {
  readonly title: string;
  /** Page of Trino's documentation that says what they mean, below `functions/`. */
  readonly page: string;
  /** Names and how they are called. */
  readonly functions: readonly FunctionForms[];
}

type Rules = Readonly<Record<string, Written>>;

const family = (title: string, page: string, ...rules: readonly Rules[]): Family => ({
  title,
  page,
  functions: rules
    .flatMap((table) => Object.entries(table).map(([name, rule]) => formed(name, rule)))
    .filter(({ forms }) => forms.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
});

/** A form that is a whole construct says its own name. */
function formed(name: string, { forms = [], nearly }: Written): FunctionForms {
  const [first = ""] = forms;
  const own = /^(\w+)\(/.exec(first)?.[1]?.toLowerCase() ?? name;
  return {
    name: own,
    nearly: nearly === true,
    forms: forms.map((form) => (form.startsWith("(") ? `${name}${form}` : form)),
  };
}

const plain = (forms: Readonly<Record<string, string>>): Rules =>
  Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, { forms: [form] }]));

const families = [
  dateFunctions,
  arrayFunctions,
  mapFunctions,
  mathFunctions,
  textFunctions,
  byteFunctions,
  regexpFunctions,
  sessionFunctions,
];
const others: Rules = Object.fromEntries(
  Object.entries(functions).filter(
    ([name]) => ![...families, jsonFunctions].some((rules) => Object.hasOwn(rules, name)),
  ),
);

/** Every function that has a rule, by family. */
export const functionFamilies = (): readonly Family[] => [
  family("Numbers", "math", mathFunctions),
  family("Text and bytes", "string", textFunctions, byteFunctions),
  family("Regular expressions", "regexp", regexpFunctions),
  family("Dates and times", "datetime", dateFunctions),
  family("Arrays", "array", arrayFunctions),
  family("Maps", "map", mapFunctions),
  family("Lambdas", "lambda", lambdaFunctions),
  family("JSON", "json", jsonFunctions, jsonForms),
  family("Session", "session", sessionFunctions),
  family("Conditions", "conditional", others, specialForms),
  family("Aggregates", "aggregate", aggregates, plain(formedAggregates)),
  family("Windows", "window", plain(windowForms)),
];

/** The names of all of them, and their other names. */
export const functionNames = (): readonly string[] => [
  ...new Set(functionFamilies().flatMap((it) => it.functions.flatMap(({ name }) => [name, ...aliasesOf(name)]))),
];
