import { AwsError, type Call, type Principal, type Service } from "../aws/service.ts";
import { createRealClock } from "../clock/real-clock.ts";
import { createFaults, type FaultRule } from "./faults.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createMeter, type Meter } from "./meter.ts";
import { type Listener, listen } from "./server.ts";

export const principal: Principal = {
  roleArn: "arn:aws:iam::123456789012:role/tester",
  sessionArn: "arn:aws:sts::123456789012:assumed-role/tester/local",
};
export const allowed: Call = {
  principal,
  requestId: "11111111-2222-3333-4444-555555555555",
  authorize: () => undefined,
};
export const denied: Call = {
  ...allowed,
  authorize(action, resource) {
    throw new AwsError(
      "AccessDeniedException",
      `User: ${principal.sessionArn} is not authorized to perform: ${action} on resource: ${resource}`,
    );
  },
};

const listeners: Listener[] = [];

/** Closes every gateway that {@link start} opened. */
export async function stopAll(): Promise<void> {
  for (const listener of listeners.splice(0)) await listener.close();
}

export interface Started {
  readonly config: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  readonly gateway: Gateway;
  readonly meter: Meter;
  readonly logged: string[];
}

/** Opens a gateway on a free port; its one key is that of {@link principal}. */
export async function start(
  services: readonly Service[],
  options: { rules?: FaultRule[]; call?: Call; maxAttempts?: number } = {},
): Promise<Started> {
  const meter = createMeter();
  const logged: string[] = [];
  const gateway = createGateway({
    services,
    iam: { principalOf: (key) => (key === "LOCALKEY" ? principal : undefined), callFor: () => options.call ?? allowed },
    clock: createRealClock(),
    region: "eu-west-1",
    faults: createFaults({ seed: 7, rules: options.rules ?? [] }),
    meter,
    log: (message) => logged.push(message),
  });
  const listener = await listen(0, gateway.handle);
  listeners.push(listener);
  const credentials = { accessKeyId: "LOCALKEY", secretAccessKey: "secret" };
  const config = {
    endpoint: listener.endpoint,
    region: "eu-west-1",
    credentials,
    maxAttempts: options.maxAttempts ?? 1,
  };
  return { config, gateway, meter, logged };
}

/** A Kinesis of the test's own operations. */
export function kinesis(operations: Service["operations"]): Service {
  return {
    name: "kinesis",
    binding: { protocol: "json", version: "1.1", target: "Kinesis_20131202" },
    operations,
    runs: [],
  };
}
