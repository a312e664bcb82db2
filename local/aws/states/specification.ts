import { createRequire } from "node:module";
import { isObject } from "../members.ts";

/**
 * Problems by the Amazon States Language's own schemas (package `asl-validator`), as one line each.
 * The validator refuses two things that the service accepts, an Output that is neither an object nor an expression and a
 * boolean Condition; and it writes into what it checks. So it gets a copy in which those two are spelled as it knows them.
 */
export function specificationProblems(definition: unknown): readonly string[] {
  const validate: unknown = createRequire(import.meta.url)("asl-validator");
  if (typeof validate !== "function") throw new Error("asl-validator has no function to call");
  const result: unknown = validate(acceptable(definition), { checkPaths: true, checkArn: true });
  if (typeof result !== "object" || result === null || !("errors" in result) || !Array.isArray(result.errors)) {
    throw new Error("asl-validator gave no list of errors");
  }
  return result.errors.map(describe);
}

function acceptable(value: unknown, key?: string): unknown {
  if (key === "Condition" && typeof value === "boolean") return `{% ${value} %}`;
  if (key === "Output" && !isObject(value) && !(typeof value === "string" && value.startsWith("{%"))) return "{% '' %}";
  if (Array.isArray(value)) return value.map((item) => acceptable(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, acceptable(member, name)]));
}

function describe(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const code = "Error code" in error ? String(error["Error code"]) : "SPECIFICATION";
  return "Message" in error ? `${code} ${String(error.Message)}` : code;
}
