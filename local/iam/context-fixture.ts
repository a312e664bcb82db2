import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Ports } from "../aws/ports.ts";
import type { Call, Service, ServiceContext, ServiceFactory, Shape } from "../aws/service.ts";
import type { GraphResource } from "../graph/resource.ts";
import { ACCOUNT, graphOf, type ManualClock, manualClock, REGION, roleArn } from "./graph-fixture.ts";
import { createIam, type Iam } from "./index.ts";

/** What a service did outside of itself. */
export interface Traffic {
  readonly dispatched: {
    readonly service: string;
    readonly operation: string;
    readonly input: Shape;
    readonly by: string;
  }[];
  readonly metrics: {
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
  readonly logged: { readonly message: string; readonly fields: Shape | undefined }[];
}

/** One service with everything around it that a unit test needs. */
export interface Bench {
  readonly service: Service;
  readonly iam: Iam;
  readonly clock: ManualClock;
  readonly home: string;
  readonly traffic: Traffic;
  /** Runs an operation as a role of the graph, by the role's name. */
  run(operation: string, input: Shape, role: string): Promise<Shape>;
  call(role: string): Call;
}

const NO_PORTS: Ports = new Proxy<Ports>(Object.create(null), {
  get: (_, name) => {
    throw new Error(`the test has no port ${String(name)}`);
  },
});

const homes: string[] = [];
// Registers for each test file that imports this one.
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), "local-service-"));
  homes.push(home);
  return home;
}

/** Builds a service on a graph of hand-written resources, with a clock moved by hand and real IAM decisions. */
export function benchOf(
  factory: ServiceFactory,
  resources: readonly GraphResource[],
  changes: Partial<ServiceContext> = {},
): Bench {
  const graph = graphOf(...resources);
  const clock = manualClock();
  const iam = createIam(graph, clock);
  const home = changes.home ?? temporaryHome();
  const traffic: Traffic = { dispatched: [], metrics: [], logged: [] };
  const service = factory({
    graph,
    clock,
    home,
    region: REGION,
    account: ACCOUNT,
    dispatch: async (name, operation, input, call) => {
      traffic.dispatched.push({ service: name, operation, input, by: call.principal.sessionArn });
      return {};
    },
    assume: iam.assume,
    servicePrincipal: iam.servicePrincipal,
    ports: NO_PORTS,
    metric: (_, name, dimensions, value) => traffic.metrics.push({ name, dimensions, value }),
    log: (message, fields) => traffic.logged.push({ message, fields }),
    endpoint: () => "http://127.0.0.1:1",
    environmentFor: (arn) => ({ AWS_ACCESS_KEY_ID: iam.credentialsFor(arn).accessKeyId }),
    ...changes,
  });
  const call = (role: string): Call =>
    iam.callFor({ roleArn: roleArn(role), sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/test` });
  return {
    service,
    iam,
    clock,
    home,
    traffic,
    call,
    run: async (operation, input, role) => {
      const found = service.operations[operation];
      if (found === undefined) throw new Error(`${service.name} has no operation ${operation}`);
      return found(input, call(role));
    },
  };
}
