import dgram from "node:dgram";
import dns from "node:dns";
import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import net from "node:net";
import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installLoopbackGuard, isLoopback, NotLoopbackError } from "./guard.ts";

// 192.0.2.0/24 is reserved for documentation (RFC 5737): nothing answers there, should the guard fail.
const OUTSIDE = "192.0.2.1";
const refused = expect.objectContaining({ code: "ERR_NOT_LOOPBACK" });

describe("loopback guard", () => {
  let remove = (): void => {};
  const server = http.createServer((_, response) => response.end("hello"));
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    remove = installLoopbackGuard();
  });
  afterAll(() => {
    remove();
    server.close();
  });

  test.each(["127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "LOCALHOST"])(
    "%s is loopback",
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  test.each([
    "10.0.0.1",
    "0.0.0.0",
    "127.example.com",
    "localhost.example.com",
    "::2",
    "kinesis.eu-west-1.amazonaws.com",
  ])("%s is not", (host) => {
    expect(isLoopback(host)).toBe(false);
  });

  test.each<[string, () => unknown]>([
    ["net.connect options", () => net.connect({ host: OUTSIDE, port: 443 })],
    ["net.connect port, host", () => net.connect(443, OUTSIDE)],
    ["Socket.connect", () => new net.Socket().connect(443, OUTSIDE)],
    ["tls.connect", () => tls.connect({ host: OUTSIDE, port: 443 })],
    ["http2.connect", () => http2.connect(`http://${OUTSIDE}`)],
    ["dns.lookup", () => dns.lookup("example.com", () => {})],
    ["dns.resolve4", () => dns.resolve4("example.com", () => {})],
    ["dns.Resolver", () => new dns.Resolver().resolve4("example.com", () => {})],
    ["udp", () => dgram.createSocket("udp4").send("x", 53, OUTSIDE)],
  ])("%s is refused", (_, connect) => {
    expect(connect).toThrow(NotLoopbackError);
  });

  test("http and fetch are refused too", async () => {
    expect(() => http.get(`http://${OUTSIDE}/`)).toThrow(`refuses to reach ${OUTSIDE}`);
    await expect(fetch(`http://${OUTSIDE}/`)).rejects.toMatchObject({ cause: refused });
  });

  test("loopback goes through, by address and by name", async () => {
    const { port } = server.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("hello");
    expect((await dns.promises.lookup("localhost", { family: 4 })).address).toBe("127.0.0.1");
  });
});
