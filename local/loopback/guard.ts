import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";

/** A connection that would have left the machine. */
export class NotLoopbackError extends Error {
  readonly code = "ERR_NOT_LOOPBACK";
  constructor(target: string) {
    super(
      `The local runtime refuses to reach ${target}: only loopback addresses are allowed. Check the endpoint in use.`,
    );
    this.name = "NotLoopbackError";
  }
}

/** True for 127.0.0.0/8, ::1 (also as IPv4-mapped address) and `localhost`. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (name === "localhost" || name === "::1") return true;
  const v4 = name.startsWith("::ffff:") ? name.slice("::ffff:".length) : name;
  return net.isIPv4(v4) && v4.startsWith("127.");
}

type AnyFunction = (...args: never[]) => unknown;
type Restore = () => void;

let restore: Restore | undefined;

/**
 * From now on this thread opens no connection and resolves no name beyond loopback: TCP, TLS, HTTP, fetch, UDP, DNS.
 * Installing it twice is the same as once.
 * @returns removes the guard again
 */
export function installLoopbackGuard(): Restore {
  restore ??= install();
  return () => {
    restore?.();
    restore = undefined;
  };
}

function install(): Restore {
  const undo: Restore[] = [
    // Every TCP, TLS, HTTP/1, HTTP/2 and fetch connection of Node comes through here.
    guard(net.Socket.prototype, "connect", tcpTarget),
    guard(dgram.Socket.prototype, "connect", (args) => (typeof args[1] === "string" ? args[1] : undefined)),
    guard(dgram.Socket.prototype, "send", datagramTarget),
    guard(dns, "lookup", first),
    guard(dns.promises, "lookup", first),
  ];
  for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    for (const key of Object.getOwnPropertyNames(owner)) {
      if (/^(resolve|reverse)/.test(key)) undo.push(guard(owner, key, first));
    }
  }
  return () => {
    for (const step of undo) step();
  };
}

function first(args: readonly unknown[]): string | undefined {
  return typeof args[0] === "string" && args[0] !== "" ? args[0] : undefined;
}

/** Host of `Socket.connect(options | port, host | path)`; undefined means this machine. */
function tcpTarget(args: readonly unknown[]): string | undefined {
  // `net.connect` hands its arguments over normalised, as one array.
  const [target, host] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof target === "object" && target !== null) {
    if ("path" in target && typeof target.path === "string") return undefined;
    return "host" in target && typeof target.host === "string" ? target.host : undefined;
  }
  return typeof host === "string" && (typeof target === "number" || /^\d+$/.test(String(target))) ? host : undefined;
}

/** `send(message, [offset, length,] port, address)`: the address is the text after the port. */
function datagramTarget(args: readonly unknown[]): string | undefined {
  const address = args.slice(2).find((argument) => typeof argument === "string");
  return typeof address === "string" ? address : undefined;
}

function guard(owner: object, key: string, target: (args: readonly unknown[]) => string | undefined): Restore {
  const original: unknown = Reflect.get(owner, key);
  if (typeof original !== "function") return () => {};
  const guarded = function (this: unknown, ...args: never[]): unknown {
    const host = target(args);
    if (host !== undefined && !isLoopback(host)) throw new NotLoopbackError(host);
    return Reflect.apply(original as AnyFunction, this, args);
  };
  // `dns.lookup` carries the symbol that `util.promisify` looks for.
  Object.defineProperties(guarded, Object.getOwnPropertyDescriptors(original));
  Reflect.set(owner, key, guarded);
  return () => void Reflect.set(owner, key, original);
}
