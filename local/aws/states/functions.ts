import { createHash, randomUUID } from "node:crypto";

const algorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** Arrays that `$range` may make at most, as the service documents. */
const maxRange = 1000;

/**
 * The functions Step Functions adds to JSONata, and its clock functions on the runtime's clock.
 * An argument the service would refuse throws; the interpreter turns that into `States.QueryEvaluationError`.
 */
export function statesFunctions(now: () => number): Readonly<Record<string, (...args: readonly unknown[]) => unknown>> {
  return {
    hash: (text, algorithm) => {
      if (typeof text !== "string") throw new Error("$hash takes text as its first argument");
      const name = typeof algorithm === "string" ? algorithms[algorithm] : undefined;
      if (name === undefined)
        throw new Error(`$hash takes one of ${Object.keys(algorithms).join(", ")} as its second argument`);
      return createHash(name).update(text).digest("hex");
    },
    uuid: () => randomUUID(),
    random: (seed) => {
      if (seed === undefined) return Math.random();
      if (typeof seed !== "number") throw new Error("$random takes a number as its seed");
      return createHash("sha256").update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
    },
    partition: (items, size) => {
      if (items === undefined) return undefined;
      if (!Array.isArray(items)) throw new Error("$partition takes an array as its first argument");
      if (typeof size !== "number" || !(Math.floor(size) >= 1))
        throw new Error("$partition takes a positive number as its second argument");
      const step = Math.floor(size);
      return Array.from({ length: Math.ceil(items.length / step) }, (_, n) => items.slice(n * step, (n + 1) * step));
    },
    range: (first, last, step) => {
      if (typeof first !== "number" || typeof last !== "number" || typeof step !== "number")
        throw new Error("$range takes three numbers");
      if (step === 0) throw new Error("$range takes a step other than zero");
      const length = Math.max(0, Math.floor((last - first) / step) + 1);
      if (length > maxRange) throw new Error(`$range makes at most ${maxRange} items`);
      return Array.from({ length }, (_, n) => first + n * step);
    },
    parse: (text) => {
      if (text === undefined) return undefined;
      if (typeof text !== "string") throw new Error("$parse takes JSON text");
      return JSON.parse(text);
    },
    millis: () => now(),
    now: (picture) => {
      if (picture !== undefined)
        throw new Error("$now with a picture is not implemented locally; use $fromMillis($millis(), picture)");
      return new Date(now()).toISOString();
    },
  };
}
