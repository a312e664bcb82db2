import { compatibility } from "./compatibility.ts";
import type { Contract } from "./contract.ts";
import { eventsPage } from "./documentation.ts";
import { isRecord, publishedEnvelope, publishedFile, publishedSchema } from "./json-schema.ts";

/** Everything that is made from the contracts and kept in the repository: path from its root -> contents. */
export function publishedFiles(contracts: readonly Contract[]): ReadonlyMap<string, string> {
  const schemas = contracts.map((contract): [string, string] => [
    `ingest/contracts/published/${publishedFile(contract)}`,
    json(publishedSchema(contract)),
  ]);
  return new Map([
    ...schemas,
    ["ingest/contracts/published/envelope.v1.json", json(publishedEnvelope())],
    ["docs/events.md", eventsPage(contracts)],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * What publishing would break, one sentence each. A breaking change needs a new version, which has a file of its own.
 * @param before contents of the files as published; a file that is not there yet breaks nothing
 */
export function breakingChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  for (const [path, old] of before) {
    if (!path.endsWith(".json")) continue;
    const next = after.get(path);
    if (next === undefined) problems.push(`${path}: the contract was removed`);
    else problems.push(...compatibility(parse(path, old), parse(path, next)).map((problem) => `${path}: ${problem}`));
  }
  return problems;
}

function parse(path: string, text: string) {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error(`${path} holds no JSON Schema`);
  return value;
}
