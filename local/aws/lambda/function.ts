import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import type { Asset, GraphResource, ResourceGraph } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";

/** A function of the graph, ready to be run. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly runtime: string;
  readonly handler: string;
  readonly code: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Undefined: as many as the account has. */
  readonly reservedConcurrency: number | undefined;
  readonly logGroup: string;
  readonly traced: boolean;
  readonly async: AsyncConfig;
}

/** What happens with an event that is invoked asynchronously and fails. */
export interface AsyncConfig {
  readonly maximumRetries: number;
  readonly maximumAgeSeconds: number;
  readonly onFailure?: string;
  readonly onSuccess?: string;
  readonly deadLetter?: string;
}

export const FUNCTION_TYPE = "aws:lambda/function:Function";
export const INVOKE_CONFIG_TYPE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

/** Inputs that are read, or that change nothing on one machine. */
const INPUTS = new Set([
  "name",
  "code",
  "handler",
  "runtime",
  "role",
  "environment",
  "memorySize",
  "timeout",
  "reservedConcurrentExecutions",
  "deadLetterConfig",
  "loggingConfig",
  "tracingConfig",
  "architectures",
  "description",
  "tags",
  "tagsAll",
  "packageType",
  "publish",
  "kmsKeyArn",
  "sourceCodeHash",
  "ephemeralStorage",
  "region",
  "skipDestroy",
]);

/**
 * Reads a function of the graph.
 * @throws NotImplementedLocally naming an input that the runtime cannot honour.
 */
export function readFunction(resource: GraphResource, graph: ResourceGraph): LambdaFunction {
  const { inputs } = resource;
  for (const [key, value] of Object.entries(inputs)) {
    if (value !== undefined && !key.startsWith("__") && !INPUTS.has(key)) {
      throw new NotImplementedLocally(`${FUNCTION_TYPE} ${key} (function ${resource.name})`);
    }
  }
  const runtime = text(inputs["runtime"]);
  if (!/^nodejs(22|24)\.x$/.test(runtime))
    throw new NotImplementedLocally(`lambda runtime ${runtime} (${resource.name})`);
  const name = text(resource.outputs["name"]);
  const config = graph.resources.find(
    (it) => it.type === INVOKE_CONFIG_TYPE && [name, resource.outputs["arn"]].includes(text(it.inputs["functionName"])),
  );
  const loggingConfig = object(inputs["loggingConfig"]);
  return {
    name,
    arn: text(resource.outputs["arn"]),
    roleArn: text(inputs["role"]),
    runtime,
    handler: text(inputs["handler"]),
    code: codeOf(inputs["code"], name),
    environment: Object.fromEntries(
      Object.entries(object(object(inputs["environment"])["variables"])).map(([key, value]) => [key, String(value)]),
    ),
    memoryMb: Number(inputs["memorySize"] ?? 128),
    timeoutSeconds: Number(inputs["timeout"] ?? 3),
    reservedConcurrency: reserved(inputs["reservedConcurrentExecutions"]),
    logGroup: text(loggingConfig["logGroup"]) || `/aws/lambda/${name}`,
    traced: object(inputs["tracingConfig"])["mode"] === "Active",
    async: asyncConfig(config, text(object(inputs["deadLetterConfig"])["targetArn"])),
  };
}

function reserved(value: unknown): number | undefined {
  return value === undefined || Number(value) < 0 ? undefined : Number(value);
}

function asyncConfig(config: GraphResource | undefined, deadLetter: string): AsyncConfig {
  const destinations = object(config?.inputs["destinationConfig"]);
  const onFailure = text(object(destinations["onFailure"])["destination"]);
  const onSuccess = text(object(destinations["onSuccess"])["destination"]);
  return {
    maximumRetries: Number(config?.inputs["maximumRetryAttempts"] ?? 2),
    maximumAgeSeconds: Number(config?.inputs["maximumEventAgeInSeconds"] ?? 6 * 3600),
    ...(onFailure === "" ? {} : { onFailure }),
    ...(onSuccess === "" ? {} : { onSuccess }),
    ...(deadLetter === "" ? {} : { deadLetter }),
  };
}

function codeOf(value: unknown, name: string): Readonly<Record<string, string>> {
  // The graph recorder writes `code` as an Asset and nothing else.
  const asset = value as Asset | undefined;
  if (asset?.kind !== "archive")
    throw new NotImplementedLocally(`lambda code that is not an archive of text (${name})`);
  return Object.fromEntries(
    Object.entries(asset.entries).map(([path, entry]) => {
      if (entry.kind !== "text")
        throw new NotImplementedLocally(`lambda code entry ${path} of kind ${entry.kind} (${name})`);
      return [path, entry.text];
    }),
  );
}

/** Code on disk. */
export interface UnpackedCode {
  /** File URL of the handler's module. */
  readonly module: string;
  readonly exportName: string;
}

/**
 * Writes a function's code under `home`, in a folder named by its contents, so that a worker imports what was deployed.
 * @throws Error when the archive has no module for the handler.
 */
export function unpack(fn: LambdaFunction, home: string): UnpackedCode {
  const digest = createHash("sha256").update(JSON.stringify(fn.code)).digest("hex").slice(0, 16);
  const folder = join(home, "code", fn.name, digest);
  const dot = fn.handler.lastIndexOf(".");
  const stem = fn.handler.slice(0, dot);
  const file = [".mjs", ".js", ".cjs"].map((extension) => `${stem}${extension}`).find((path) => path in fn.code);
  if (dot < 1 || file === undefined) {
    throw new Error(`function ${fn.name}: its code has no module for the handler ${fn.handler}`);
  }
  // Node decides by the nearest package.json what a .js file is; on Lambda the project's is not there.
  for (const [path, contents] of Object.entries({ "package.json": "{}", ...fn.code })) {
    const target = join(folder, normalize(`/${path}`));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
  return { module: pathToFileURL(join(folder, file)).href, exportName: fn.handler.slice(dot + 1) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

const object = (value: unknown): Shape => objectIn(value) ?? {};
