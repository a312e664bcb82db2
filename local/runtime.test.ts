import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, expect, test } from "vitest";
import type { ServiceFactory } from "./aws/service.ts";
import { sts } from "./aws/sts/index.ts";
import { type Runtime, type RuntimeOptions, startRuntime } from "./runtime.ts";

const projectDir = join(import.meta.dirname, "graph/fixtures/small");
const home = mkdtempSync(join(tmpdir(), "runtime-"));
const reader = "arn:aws:iam::123456789012:role/small-reader";

let runtime: Runtime | undefined;
afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
  rmSync(home, { recursive: true, force: true });
});

async function start(options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  runtime = await startRuntime({
    projectDir,
    stack: "dev",
    home,
    clock: "virtual",
    startAt: 0,
    services: { sts },
    ...options,
  });
  return runtime;
}

function clientOf({ environmentFor }: Runtime): STSClient {
  const environment = environmentFor(reader);
  return new STSClient({
    endpoint: String(environment["AWS_ENDPOINT_URL"]),
    region: String(environment["AWS_REGION"]),
    credentials: {
      accessKeyId: String(environment["AWS_ACCESS_KEY_ID"]),
      secretAccessKey: String(environment["AWS_SECRET_ACCESS_KEY"]),
    },
  });
}

test("a client with a role's environment is that role", async () => {
  const started = await start();
  const identity = await clientOf(started).send(new GetCallerIdentityCommand({}));
  expect([identity.Account, identity.Arn]).toEqual([
    "123456789012",
    "arn:aws:sts::123456789012:assumed-role/small-reader/local",
  ]);
  expect(started.trace().map(({ service, operation, role }) => [service, operation, role])).toEqual([
    ["sts", "GetCallerIdentity", reader],
  ]);
  expect(started.unusedGrants().map(({ role, action }) => [role, action])).toEqual([
    ["small-reader", "kinesis:GetRecords"],
  ]);
});

test("a role that may not assume another is told so", async () => {
  const assume = new AssumeRoleCommand({ RoleArn: reader, RoleSessionName: "me" });
  await expect(clientOf(await start()).send(assume)).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining(
      `assumed-role/small-reader/local is not authorized to perform: sts:AssumeRole on resource: ${reader}`,
    ),
    $metadata: { httpStatusCode: 403 },
  });
});

test("simulated time stays in the home, and one process at a time holds it", async () => {
  const first = await start();
  if (first.clock.kind === "virtual" && "advanceTo" in first.clock) await first.clock.advanceTo(86_400_000);
  await expect(startRuntime({ projectDir, stack: "dev", home, clock: "virtual", services: {} })).rejects.toThrow(
    `A runtime of this process already uses ${home}`,
  );
  await first.stop();
  expect(existsSync(join(home, "runtime.lock"))).toBe(false);
  const second = await start({ clock: "resume" });
  expect([second.clock.kind, second.clock.now()]).toEqual(["virtual", 86_400_000]);
  await second.stop();
  const third = await start({ clock: "serve" });
  expect(third.clock.kind).toBe("real");
  expect(third.clock.now()).toBeGreaterThanOrEqual(86_400_000);
  expect(third.clock.now()).toBeLessThan(86_400_000 + 60_000);
});

test("a home of another version is refused, a lock of a dead process taken over", async () => {
  await (await start()).stop();
  writeFileSync(join(home, "runtime.lock"), "4194999\n");
  const second = await start();
  expect(second.takenOverFrom).toBe(4_194_999);
  expect(readFileSync(join(home, "runtime.lock"), "utf8")).toBe(`${process.pid}\n`);
  await second.stop();
  writeFileSync(join(home, "version"), "0\n");
  await expect(start()).rejects.toThrow(
    `${home} was made by version 0 of the local runtime, this one needs 2. Remove the folder`,
  );
  runtime = undefined;
});

test("keys are a home's own, the same after a restart; what they are derived from is for its user alone", async () => {
  const first = await start();
  const keys = first.environmentFor(reader);
  await first.stop();
  const again = (await start()).environmentFor(reader);
  expect(again["AWS_ACCESS_KEY_ID"]).toBe(keys["AWS_ACCESS_KEY_ID"]);
  expect(again["AWS_SECRET_ACCESS_KEY"]).toBe(keys["AWS_SECRET_ACCESS_KEY"]);
  expect(statSync(join(home, "seed")).mode & 0o777).toBe(0o600);
  await runtime?.stop();
  rmSync(home, { recursive: true });
  expect((await start()).environmentFor(reader)["AWS_ACCESS_KEY_ID"]).not.toBe(keys["AWS_ACCESS_KEY_ID"]);
  await runtime?.stop();
  writeFileSync(join(home, "seed"), "x");
  await expect(start()).rejects.toThrow(`${join(home, "seed")} is damaged; remove it, and clients need new keys`);
  runtime = undefined;
});

test("dates are UTC's, as on Lambda, wherever the machine is", async () => {
  const zone = process.env["TZ"];
  try {
    process.env["TZ"] = "America/New_York";
    expect(new Date(0).getHours()).toBe(19);
    await start();
    expect(new Date(0).getHours()).toBe(0);
  } finally {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  }
});

test("the doctor lists every resource and why it is not run", async () => {
  const { resources, checks } = (await start()).doctor();
  expect(resources).toEqual([
    {
      name: "inlet-stream",
      type: "aws:kinesis/stream:Stream",
      reason: "no service of the local runtime runs this type",
    },
    { name: "reader", type: "aws:iam/role:Role", runBy: "iam" },
    { name: "reader-policy", type: "aws:iam/rolePolicy:RolePolicy", runBy: "iam" },
    { name: "echo", type: "aws:lambda/function:Function", reason: "no service of the local runtime runs this type" },
  ]);
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ["home", true],
    ["lock", true],
    ["endpoint", true],
    ["clock", true],
    ["alarms", true],
  ]);
});

test("services start in order and stop in reverse; a failing start frees everything", async () => {
  const events: string[] = [];
  const service =
    (name: string, fails = false): ServiceFactory =>
    () => ({
      name,
      binding: { protocol: "json", version: "1.0", target: name },
      operations: {},
      runs: [],
      start: async () => {
        events.push(`start ${name}`);
        if (fails) throw new Error(`${name} cannot start`);
      },
      stop: async () => void events.push(`stop ${name}`),
    });
  await (await start({ services: { a: service("a"), b: service("b") } })).stop();
  expect(events.splice(0)).toEqual(["start a", "start b", "stop b", "stop a"]);
  await expect(start({ services: { a: service("a"), b: service("b", true) } })).rejects.toThrow("b cannot start");
  expect(events.splice(0)).toEqual(["start a", "start b", "stop b", "stop a"]);
  await start({ services: { a: service("a"), b: service("b") }, only: ["b"] });
  expect(events).toEqual(["start b"]);
});

test("a port that nobody fills is named", async () => {
  const needy: ServiceFactory = (context) => ({
    name: "needy",
    binding: { protocol: "json", version: "1.0", target: "needy" },
    operations: {},
    runs: [],
    start: async () => void context.ports.objects.list,
  });
  await expect(start({ services: { needy } })).rejects.toThrow("Nothing fills the port objects");
});
