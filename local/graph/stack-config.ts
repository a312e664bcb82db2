import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

/** What `pulumi` itself would read before it runs the program. */
export interface StackDefinition {
  readonly project: string;
  /** Absolute path of the module to import. */
  readonly entry: string;
  /** Namespaced key -> text, objects as JSON: the form the engine hands to a program. */
  readonly config: Readonly<Record<string, string>>;
}

type Yaml = Readonly<Record<string, unknown>>;

/**
 * Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml`: name, entry module, configuration with the project's defaults.
 * @throws Error when a file is missing or malformed, when a value has not its declared type or is encrypted.
 */
export function readStackDefinition(projectDir: string, stack: string): StackDefinition {
  const projectFile = readYaml(join(projectDir, "Pulumi.yaml"));
  const project = projectFile["name"];
  if (typeof project !== "string") throw new Error("Pulumi.yaml has no `name`");
  const stackPath = join(projectDir, `Pulumi.${stack}.yaml`);
  if (!existsSync(stackPath)) {
    throw new Error(`There is no stack "${stack}": ${stackPath} is missing. Stacks here: ${stacksOf(projectDir)}`);
  }
  const declared = section(projectFile, "config", "Pulumi.yaml");
  const given = section(readYaml(stackPath), "config", `Pulumi.${stack}.yaml`);
  const config: Record<string, string> = {};
  const types = new Map<string, string>();
  for (const [key, declaration] of Object.entries(declared)) {
    const full = qualified(project, key);
    if (!isRecord(declaration)) {
      config[full] = text(declaration);
      continue;
    }
    if (typeof declaration["type"] === "string") types.set(full, declaration["type"]);
    const value = declaration["default"] ?? declaration["value"];
    if (value !== undefined) config[full] = text(value);
  }
  for (const [key, value] of Object.entries(given)) {
    const full = qualified(project, key);
    if (isRecord(value) && "secure" in value) {
      throw new Error(`Pulumi.${stack}.yaml: ${full} is encrypted; the local runtime has no secrets provider`);
    }
    checkType(full, value, types.get(full));
    config[full] = text(value);
  }
  return { project, entry: entryOf(projectDir, projectFile), config };
}

function entryOf(projectDir: string, projectFile: Yaml): string {
  const main = projectFile["main"];
  if (typeof main === "string" && /\.[cm]?[jt]s$/.test(main)) return resolve(projectDir, main);
  const folder = typeof main === "string" ? resolve(projectDir, main) : projectDir;
  const manifest = readYaml(join(folder, "package.json"));
  return resolve(folder, typeof manifest["main"] === "string" ? manifest["main"] : "index.ts");
}

function checkType(key: string, value: unknown, type: string | undefined): void {
  const actual = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  // The CLI takes the text of a number or truth value for either.
  const fits =
    type === undefined ||
    actual === type ||
    (type === "integer" && typeof value === "string" && /^-?\d+$/.test(value)) ||
    (type === "boolean" && (value === "true" || value === "false"));
  if (!fits) throw new Error(`Configuration ${key} must be ${type}, but is ${actual}`);
}

function qualified(project: string, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function section(yaml: Yaml, key: string, file: string): Yaml {
  const value = yaml[key] ?? {};
  if (!isRecord(value)) throw new Error(`${file}: \`${key}\` must be a map`);
  return value;
}

function readYaml(path: string): Yaml {
  if (!existsSync(path)) throw new Error(`${path} is missing`);
  const value: unknown = parse(readFileSync(path, "utf8"));
  if (!isRecord(value)) throw new Error(`${path} must hold a map`);
  return value;
}

function isRecord(value: unknown): value is Yaml {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stacksOf(projectDir: string): string {
  const stacks = readdirSync(projectDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return stacks.length > 0 ? stacks.join(", ") : "none";
}
