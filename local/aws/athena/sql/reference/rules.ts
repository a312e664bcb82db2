import { specialForms } from "../expressions/by-kind.ts";
import { aggregates } from "../functions/aggregates.ts";
import { arrayFunctions } from "../functions/arrays.ts";
import { byteFunctions } from "../functions/bytes.ts";
import { aliasesOf } from "../functions/calls.ts";
import { dateFunctions } from "../functions/dates.ts";
import { functions } from "../functions/index.ts";
import { jsonForms, jsonFunctions } from "../functions/json.ts";
import { lambdaFunctions } from "../functions/lambdas.ts";
import { mapFunctions } from "../functions/maps.ts";
import { mathFunctions } from "../functions/math.ts";
import { formedAggregates } from "../functions/more-aggregates.ts";
import { regexpFunctions } from "../functions/regexps.ts";
import { sessionFunctions } from "../functions/session.ts";
import { textFunctions } from "../functions/texts.ts";
import { windowForms } from "../functions/windows.ts";
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
