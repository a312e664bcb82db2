import type { Service, ServiceContext, ServiceFactory } from "../aws/service.ts";
import { createFaults } from "../gateway/faults.ts";
import { createGateway } from "../gateway/gateway.ts";
import { createMeter } from "../gateway/meter.ts";
import { listen } from "../gateway/server.ts";
import type { GraphResource } from "../graph/resource.ts";
import { type Bench, benchOf } from "./context-fixture.ts";
import { REGION, roleArn } from "./graph-fixture.ts";

/** A service behind the real gateway, for tests through the SDK's clients. */
export interface Served extends Bench {
  /** Client configuration that acts as a role of the graph. */
  as(role: string): {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

/** Serves one service on a free loopback port. */
export async function serve(
  factory: ServiceFactory,
  resources: readonly GraphResource[],
  changes: Partial<ServiceContext> = {},
): Promise<Served> {
  const bench = benchOf(factory, resources, changes);
  const services: readonly Service[] = [bench.service];
  const options = {
    iam: bench.iam,
    clock: bench.clock,
    region: REGION,
    faults: createFaults(undefined),
    meter: createMeter(),
  };
  const gateway = createGateway({
    ...options,
    services,
    log: (message, fields) => bench.traffic.logged.push({ message, fields }),
  });
  const listener = await listen(0, gateway.handle);
  return {
    ...bench,
    as: (role) => ({
      endpoint: listener.endpoint,
      region: REGION,
      credentials: bench.iam.credentialsFor(roleArn(role)),
      maxAttempts: 1,
    }),
    close: async () => {
      await bench.service.stop?.();
      await listener.close();
    },
  };
}
