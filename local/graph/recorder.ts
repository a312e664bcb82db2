import { answerInvoke } from "./invokes.ts";
import type { Named } from "./problems.ts";
import { synthesise } from "./synthesisers/index.ts";
import type { Inputs, SynthesisContext, Synthesised } from "./synthesisers/synthesiser.ts";
import { plain } from "./wire.ts";

type PulumiRuntime = typeof import("@pulumi/pulumi").runtime;

/** What of the engine's `RegisterResourceRequest` mocks never see. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { forEach(each: (value: { getUrnsList(): string[] }, key: string) => void): void };
}

/** The parts of Pulumi's `MockMonitor` that are wrapped; internal, so checked before use. */
interface Monitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterRequest, callback: (error: unknown, response: unknown) => void): Promise<void>;
}

export interface RecorderOptions {
  readonly project: string;
  readonly stack: string;
  readonly folder: string;
  readonly context: SynthesisContext;
}

/**
 * Puts mocks in place of Pulumi's engine. They answer each registration with the outputs that AWS would compute, and
 * keep everything the program said, parents and dependencies included.
 * @returns The list that fills while the program runs.
 */
export async function recordResources(runtime: PulumiRuntime, options: RecorderOptions): Promise<readonly Named[]> {
  const { project, stack, folder, context } = options;
  const recorded: Named[] = [];
  let current: Synthesised = { id: "", outputs: {} };
  await runtime.setMocks(
    {
      newResource: (args) => ({ id: current.id, state: { ...args.inputs, ...current.outputs } }),
      call: (args) => answered(() => answerInvoke(args.token, args.inputs, context)),
    },
    project,
    stack,
    false,
  );
  const monitor: unknown = runtime.getMonitor();
  if (!isMonitor(monitor))
    throw new Error("This version of @pulumi/pulumi has another mock monitor than the runtime knows");
  const register = monitor.registerResource.bind(monitor);
  // The engine's URNs hold the types of all ancestors; the mocks' only the parent's.
  monitor.newUrn = (parent, type, name) => {
    const ancestors = parent === "" ? "" : `${parent.split("::")[2]}$`;
    return `urn:pulumi:${stack}::${project}::${ancestors}${type}::${name}`;
  };
  monitor.registerResource = async (request, callback) => {
    try {
      const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
      const inputs = record(plain(request.getObject()?.toJavaScript() ?? {}, folder));
      const made: Synthesised = request.getCustom() ? synthesise(type, name, inputs, context) : { id: "", outputs: {} };
      recorded.push({
        physicalName: made.physicalName,
        resource: {
          urn: monitor.newUrn(parent, type, name),
          type,
          name,
          custom: request.getCustom(),
          id: made.id,
          inputs,
          outputs: { ...inputs, ...made.outputs },
          ...(parent === "" ? {} : { parent }),
          dependencies: request.getDependenciesList(),
          propertyDependencies: propertyDependencies(request),
        },
      });
      // `registerResource` calls `newResource` before it first awaits, so nothing comes between.
      current = made;
      await register(request, callback);
    } catch (error) {
      callback(error, undefined);
    }
  };
  return recorded;
}

/** Pulumi shows what gRPC calls an error's details, and nothing of its message. */
function answered<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    throw Object.assign(new Error(), { details: error instanceof Error ? error.message : String(error) });
  }
}

function propertyDependencies(request: RegisterRequest): Record<string, readonly string[]> {
  const dependencies: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => {
    if (value.getUrnsList().length > 0) dependencies[key] = value.getUrnsList();
  });
  return dependencies;
}

function isMonitor(value: unknown): value is Monitor {
  return (
    typeof value === "object" &&
    value !== null &&
    "newUrn" in value &&
    typeof value.newUrn === "function" &&
    "registerResource" in value &&
    typeof value.registerResource === "function"
  );
}

function record(value: unknown): Inputs {
  if (typeof value !== "object" || value === null) throw new Error("A resource was registered without properties");
  return { ...value };
}
