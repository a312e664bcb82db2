import type { Ports } from "./aws/ports.ts";

/** Ports that the services fill; reading one that nobody filled says which. */
export function emptyPorts(): Ports {
  return new Proxy({} as Ports, {
    get(filled, name) {
      const port: unknown = Reflect.get(filled, name);
      if (port === undefined)
        throw new Error(`Nothing fills the port ${String(name)}: the service behind it is not started`);
      return port;
    },
  });
}
