import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Dispatch, Service, ServiceContext, ServiceFactory } from "./aws/service.ts";
import { services as allServices } from "./aws/services.ts";
import type { Clock, VirtualClock } from "./clock/clock.ts";
import { createRealClock } from "./clock/real-clock.ts";
import { createVirtualClock } from "./clock/virtual-clock.ts";
import { type Check, type Health, resourceHealth } from "./doctor.ts";
import { createFaults, type FaultPlan } from "./gateway/faults.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createMeter, type MeterReading, type TraceEntry } from "./gateway/meter.ts";
import { listen } from "./gateway/server.ts";
import { cachedGraph } from "./graph/cache.ts";
import type { ResourceGraph } from "./graph/resource.ts";
import { type Home, homeVersion, openHome } from "./home.ts";
import { createIam, type Grant } from "./iam/index.ts";
import { installLoopbackGuard } from "./loopback/guard.ts";
import { type AlarmReading, createMetrics } from "./metrics/metrics.ts";
import { emptyPorts } from "./ports.ts";
import { createSqlEngine } from "./sql-engine/sql-engine.ts";

/**
 * - `real`: the machine's time.
 * - `virtual`: simulated time, from where it stopped in this home, or from `startAt`.
 * - `resume`: simulated time if this home has one, else the machine's.
 * - `serve`: runs on at real speed from where simulated time stopped, else the machine's time.
 */
export type ClockMode = "real" | "virtual" | "resume" | "serve";

export interface RuntimeOptions {
  /** Folder of `Pulumi.yaml`. */
  readonly projectDir: string;
  readonly stack: string;
  /** State folder, e.g. `.c360`; made if need be. */
  readonly home: string;
  readonly clock: ClockMode;
  /** Where a new virtual clock starts, in milliseconds since the epoch. Default: the machine's time. */
  readonly startAt?: number;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** What queries may use of the machine: memory in DuckDB's words (`1GB`, the default) and threads (2). */
  readonly engine?: { readonly memoryLimit?: string; readonly threads?: number };
  readonly faults?: FaultPlan;
  /** Signing names of the services to start. Default: all. */
  readonly only?: readonly string[];
  /** In place of the product's services, for tests of the runtime itself. */
  readonly services?: Readonly<Record<string, ServiceFactory>>;
}

/** The estate, running in this process. */
export interface Runtime {
  readonly graph: ResourceGraph;
  readonly clock: Clock | VirtualClock;
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Environment with which SDK code acts as this role. */
  environmentFor(roleArn: string): Readonly<Record<string, string>>;
  readonly dispatch: Dispatch;
  /** A call in process as this role, for {@link Runtime.dispatch}. */
  callAs(roleArn: string): ReturnType<ReturnType<typeof createIam>["callFor"]>;
  meter(): readonly MeterReading[];
  trace(): readonly TraceEntry[];
  /** Grants of the graph's policies that no call has used since the start. */
  unusedGrants(): readonly Grant[];
  /** Faults that struck, by `<kind> <service>:<operation>`. */
  faultCounts(): Readonly<Record<string, number>>;
  alarms(): readonly AlarmReading[];
  doctor(): Health;
  /** Process whose lock was taken over, because it ended without releasing it. */
  readonly takenOverFrom: number | undefined;
  /** Lets the work in flight end, writes everything to disk, frees port and home. */
  stop(): Promise<void>;
}

/** How often simulated time is saved, so that a crash loses little of it. */
const saveEveryMs = 2000;

/**
 * Evaluates the Pulumi program and runs its graph on one loopback port.
 * @throws Error for a home of another version or in use, a port in use, a program that fails (ProgramError), policies
 *   that are wrong, or a resource with a setting that the runtime does not implement.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  // As on Lambda. Threads share the zone of the process, whatever the environment of their own says.
  process.env["TZ"] = "UTC";
  await using cleanup = new AsyncDisposableStack();
  const home = openHome(options.home);
  cleanup.defer(() => home.release());
  const graph = await cachedGraph(options, join(home.path, "graph.json"));
  cleanup.defer(installLoopbackGuard());

  const clock = makeClock(options, home);
  const told = new Set<string>();
  const log: ServiceContext["log"] = (message, fields) => {
    const line = JSON.stringify({ time: new Date(clock.now()).toISOString(), message, ...fields });
    try {
      appendFileSync(join(home.path, "runtime.log"), `${line}\n`);
    } catch {
      // Each message once: a full disk is met again and again.
      if (!told.has(message)) process.stderr.write(`${line}\n`);
      told.add(message);
    }
  };
  const save = (): void => {
    if (clock.kind === "virtual" || home.savedTime !== undefined) home.saveTime(clock.now());
  };
  const saving = setInterval(() => {
    try {
      save();
    } catch (error) {
      // A full disk is told by whoever has data to write, and again when the runtime stops.
      log(`simulated time could not be saved: ${String(error)}`);
    }
  }, saveEveryMs).unref();
  cleanup.defer(() => {
    clearInterval(saving);
    save();
  });
  const sql = await createSqlEngine({ scratch: home.folder("scratch"), ...options.engine });
  cleanup.defer(() => sql.close());
  const ports = Object.assign(emptyPorts(), { sql });
  const iam = createIam(graph, clock, home.seed);
  const faults = createFaults(options.faults);
  const meter = createMeter();
  const services: Service[] = [];
  let endpoint: string | undefined;
  const theEndpoint = (): string => {
    if (endpoint === undefined) throw new Error("The runtime has no address before its services start");
    return endpoint;
  };
  const environmentFor = (roleArn: string): Record<string, string> => {
    const { accessKeyId, secretAccessKey } = iam.credentialsFor(roleArn);
    return {
      AWS_ENDPOINT_URL: theEndpoint(),
      AWS_REGION: graph.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
  };
  // Services are made before the gateway that calls them.
  const dispatch: Dispatch = (...call) => gateway.dispatch(...call);
  const { servicePrincipal } = iam;
  const metrics = createMetrics({ graph, clock, dispatch, servicePrincipal, log });
  for (const [name, factory] of Object.entries(options.services ?? allServices)) {
    if (options.only !== undefined && !options.only.includes(name)) continue;
    services.push(
      factory({
        graph,
        clock,
        home: home.folder(name),
        region: graph.region,
        account: graph.account,
        dispatch,
        assume: iam.assume,
        servicePrincipal,
        ports,
        metric: metrics.metric,
        kills: faults.kills,
        log,
        endpoint: theEndpoint,
        environmentFor,
      }),
    );
  }
  const gateway = createGateway({ services, iam, clock, region: graph.region, faults, meter, log });
  const listener = await listen(options.port ?? 0, gateway.handle);
  cleanup.defer(() => listener.close());
  endpoint = listener.endpoint;
  for (const service of services) {
    cleanup.defer(() => service.stop?.());
    await service.start?.();
  }
  cleanup.defer(() => clock.settled());

  const held = cleanup.move();
  return {
    graph,
    clock,
    endpoint,
    environmentFor,
    dispatch,
    callAs(roleArn) {
      const principal = iam.principalOf(iam.credentialsFor(roleArn).accessKeyId);
      if (principal === undefined) throw new Error(`${roleArn} has no key`);
      return iam.callFor(principal);
    },
    meter: meter.readings,
    trace: meter.trace,
    unusedGrants: iam.unusedGrants,
    faultCounts: faults.counts,
    alarms: metrics.alarms,
    doctor: () => ({
      resources: resourceHealth(graph, services),
      checks: checks(home, listener.endpoint, clock, metrics.alarms()),
    }),
    takenOverFrom: home.takenOverFrom,
    stop: () => held.disposeAsync(),
  };
}

function makeClock({ clock: mode, startAt }: RuntimeOptions, { savedTime }: Home): Clock | VirtualClock {
  switch (mode) {
    case "real":
      return createRealClock();
    case "virtual":
      return createVirtualClock(savedTime ?? startAt ?? Date.now());
    case "resume":
      return savedTime === undefined ? createRealClock() : createVirtualClock(savedTime);
    case "serve":
      return createRealClock(savedTime);
  }
}

function checks(home: Home, endpoint: string, clock: Clock, alarms: readonly AlarmReading[]): Check[] {
  const raised = alarms.filter(({ state }) => state === "ALARM");
  const takenOver =
    home.takenOverFrom === undefined
      ? ""
      : `; taken over from process ${home.takenOverFrom}, which ended without releasing it`;
  return [
    { name: "home", ok: true, detail: `${home.path}, version ${homeVersion}` },
    { name: "lock", ok: true, detail: `held by process ${process.pid}${takenOver}` },
    { name: "endpoint", ok: true, detail: endpoint },
    { name: "clock", ok: true, detail: `${clock.kind}, ${new Date(clock.now()).toISOString()}` },
    {
      name: "alarms",
      ok: raised.length === 0,
      detail:
        raised.length === 0
          ? `none of ${alarms.length} raised`
          : raised.map(({ name, reason }) => `${name}: ${reason}`).join("; "),
    },
  ];
}
