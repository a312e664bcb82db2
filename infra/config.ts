import * as pulumi from "@pulumi/pulumi";

/** Everything a stack may choose, checked. Components never read `pulumi.Config`. */
export interface EstateConfig {
  /** Prefix of every physical name: `c360-<stack>`. */
  readonly prefix: string;
  /** Glue database: `c360_<stack>`. */
  readonly database: string;
  readonly region: string;
  readonly senderDomain: string;
  /** 0 = on demand. */
  readonly streamShards: number;
  readonly streamRetentionHours: number;
  readonly deliveryBufferSeconds: number;
  /** `YYYY-MM-DD` */
  readonly historyFrom: string;
  readonly refreshSchedule: string;
  readonly bytesScannedCutoff: number;
  readonly logRetentionDays: number;
  /** Second key to delete data; the first is an argument of each component that holds some. */
  readonly disposable: boolean;
}

/** What CloudWatch Logs accepts as a retention, in days (PutRetentionPolicy). */
const LOG_RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Reads and checks the stack's configuration once.
 * @throws Error naming the key, the value found and what would do.
 */
export function loadConfig(): EstateConfig {
  const config = new pulumi.Config();
  const project = pulumi.getProject();
  const stack = pulumi.getStack();
  demand(
    /^[a-z][a-z0-9]{1,15}$/.test(stack),
    "the stack's name",
    stack,
    "2 to 16 lower-case letters and digits: it becomes part of bucket and database names",
  );
  return {
    prefix: `${project}-${stack}`,
    database: `${project}_${stack}`,
    region: new pulumi.Config("aws").require("region"),
    senderDomain: text(
      config,
      "senderDomain",
      /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
      "a domain name such as shop.example.com",
    ),
    streamShards: whole(config, "streamShards", 0, 0, 500),
    streamRetentionHours: whole(config, "streamRetentionHours", 168, 24, 8760),
    deliveryBufferSeconds: whole(config, "deliveryBufferSeconds", 300, 60, 900),
    historyFrom: day(config, "historyFrom", "2010-01-01"),
    refreshSchedule: text(
      config,
      "refreshSchedule",
      /^(cron|rate)\([^()]+\)$/,
      "cron(...) or rate(...)",
      "cron(0 0 1 * ? *)",
    ),
    bytesScannedCutoff: whole(config, "bytesScannedCutoff", 20_000_000_000, 10_000_000, 7_000_000_000_000_000),
    logRetentionDays: oneOf(config, "logRetentionDays", 30, LOG_RETENTIONS),
    disposable: config.getBoolean("disposable") ?? false,
  };
}

function demand(holds: boolean, what: string, found: unknown, wanted: string): void {
  if (!holds) throw new Error(`Configuration: ${what} is ${JSON.stringify(found)}; it must be ${wanted}.`);
}

function text(config: pulumi.Config, key: string, pattern: RegExp, wanted: string, fallback?: string): string {
  const value = fallback === undefined ? config.require(key) : (config.get(key) ?? fallback);
  demand(pattern.test(value), `${config.name}:${key}`, value, wanted);
  return value;
}

function day(config: pulumi.Config, key: string, fallback: string): string {
  const value = config.get(key) ?? fallback;
  const date = new Date(`${value}T00:00:00Z`);
  const valid =
    /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
  demand(valid, `${config.name}:${key}`, value, "a day such as 2010-01-01");
  return value;
}

function whole(config: pulumi.Config, key: string, fallback: number, least: number, most: number): number {
  const value = config.getNumber(key) ?? fallback;
  demand(
    Number.isInteger(value) && value >= least && value <= most,
    `${config.name}:${key}`,
    value,
    `a whole number from ${least} to ${most}`,
  );
  return value;
}

function oneOf(config: pulumi.Config, key: string, fallback: number, allowed: readonly number[]): number {
  const value = config.getNumber(key) ?? fallback;
  demand(allowed.includes(value), `${config.name}:${key}`, value, `one of ${allowed.join(", ")}`);
  return value;
}
