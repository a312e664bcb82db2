import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock/clock.ts";
import { createFaults } from "../../gateway/faults.ts";
import { createGateway } from "../../gateway/gateway.ts";
import { createMeter } from "../../gateway/meter.ts";
import { listen } from "../../gateway/server.ts";
import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import type { Ports } from "../ports.ts";
import {
  AwsError,
  type Call,
  type Dispatch,
  type Service,
  type ServiceContext,
  type ServiceFactory,
  type Shape,
} from "../service.ts";

export const account = "123456789012";
export const region = "eu-west-1";

export function resource(
  type: string,
  name: string,
  arn: string,
  outputs: Readonly<Record<string, unknown>>,
): GraphResource {
  const all = { ...outputs, arn };
  return {
    urn: `urn:${type}::${name}`,
    type,
    name,
    custom: true,
    id: name,
    inputs: all,
    outputs: all,
    dependencies: [],
    propertyDependencies: {},
  };
}

export interface Metric {
  readonly name: string;
  readonly value: number;
}

/** What a test sees of the services it started. */
export interface Started {
  readonly config: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly ports: Ports;
  readonly call: Call;
  readonly dispatch: Dispatch;
  /** `action resource` of every permission asked for. */
  readonly asked: string[];
  /** The condition keys that came with each. */
  readonly contexts: (Shape | undefined)[];
  /** Actions that are refused from now on. */
  readonly denied: Set<string>;
  readonly metrics: Metric[];
  readonly logged: string[];
  stop(): Promise<void>;
}

/** Services behind a real gateway, with an IAM that allows everything but `denied`. */
export async function startServices(options: {
  readonly home: string;
  readonly clock: Clock;
  readonly resources: readonly GraphResource[];
  readonly services: Readonly<Record<string, ServiceFactory>>;
  readonly ports?: Partial<Ports>;
}): Promise<Started> {
  const asked: string[] = [];
  const contexts: (Shape | undefined)[] = [];
  const denied = new Set<string>();
  const metrics: Metric[] = [];
  const logged: string[] = [];
  const callOf = (role: string): Call => {
    const principal = {
      roleArn: `arn:aws:iam::${account}:role/${role}`,
      sessionArn: `arn:aws:sts::${account}:assumed-role/${role}/local`,
    };
    return {
      principal,
      requestId: "00000000-0000-4000-8000-000000000000",
      authorize(action, on, context) {
        asked.push(`${action} ${on}`);
        contexts.push(context);
        if (!denied.has(action)) return;
        throw new AwsError(
          "AccessDeniedException",
          `User: ${principal.sessionArn} is not authorized to perform: ${action} on resource: ${on}`,
        );
      },
    };
  };
  const call = callOf("tester");
  const graph: ResourceGraph = {
    project: "p",
    stack: "test",
    region,
    account,
    resources: options.resources,
    outputs: {},
  };
  // The doors are filled by the services as they are made; a door nobody fills is not opened by the test.
  const ports = { ...options.ports } as Ports;
  let gateway: ReturnType<typeof createGateway> | undefined;
  const contextOf = (name: string): ServiceContext => {
    const home = join(options.home, name);
    mkdirSync(home, { recursive: true });
    return {
      graph,
      clock: options.clock,
      home,
      region,
      account,
      ports,
      dispatch(service, operation, input, by) {
        if (!gateway) throw new Error("not started");
        return gateway.dispatch(service, operation, input, by);
      },
      assume: (roleArn) => callOf(roleArn.slice(roleArn.lastIndexOf("/") + 1)),
      servicePrincipal: callOf,
      metric: (_namespace, metric, _dimensions, value) => metrics.push({ name: metric, value }),
      log: (message) => logged.push(message),
      endpoint: () => "",
      environmentFor: () => ({}),
    };
  };
  const services: Service[] = Object.entries(options.services).map(([name, factory]) => factory(contextOf(name)));
  gateway = createGateway({
    services,
    iam: { principalOf: () => call.principal, callFor: () => call },
    clock: options.clock,
    region,
    faults: createFaults(undefined),
    meter: createMeter(),
    log: (message) => logged.push(message),
  });
  const listener = await listen(0, gateway.handle);
  for (const service of services) await service.start?.();
  const credentials = { accessKeyId: "LOCAL", secretAccessKey: "local" };
  return {
    config: { endpoint: listener.endpoint, region, maxAttempts: 1, credentials },
    ports,
    call,
    dispatch: gateway.dispatch,
    asked,
    contexts,
    denied,
    metrics,
    logged,
    async stop() {
      await listener.close();
      for (const service of services.reverse()) await service.stop?.();
    },
  };
}
