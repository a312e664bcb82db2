import type { Contract } from "./contract.ts";
import { isRecord, type JsonSchema, publishedEnvelope, publishedFile, publishedSchema } from "./json-schema.ts";

/** The page `docs/events.md`: every event, its meaning and members. */
export function eventsPage(contracts: readonly Contract[]): string {
  const sorted = contracts.toSorted((a, b) => (a.type < b.type ? -1 : 1));
  return [
    "# Events",
    "",
    "Made from `ingest/contracts` by `node ingest/contracts/publish.ts`; do not edit by hand.",
    "",
    "Every event is a CloudEvent 1.0 in JSON. Members marked *personal* hold personal data of the kind named.",
    "",
    "## Envelope",
    "",
    ...table(publishedEnvelope()),
    ...sorted.flatMap(section),
  ].join("\n");
}

function section(contract: Contract): string[] {
  const file = publishedFile(contract);
  return [
    `## ${contract.type}`,
    "",
    contract.description,
    "",
    `Published by \`${contract.owner}\`, version ${contract.version}, ` +
      `[schema](../ingest/contracts/published/${file}), lake partition \`event_type=${contract.partition}\`.`,
    "",
    ...table(publishedSchema(contract)),
  ];
}

function table(schema: JsonSchema): string[] {
  return ["| member | type | | meaning |", "|---|---|---|---|", ...rows(schema, ""), ""];
}

function* rows(schema: JsonSchema, prefix: string): Generator<string> {
  const members = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  for (const [name, member] of Object.entries(members)) {
    if (!isRecord(member)) continue;
    const notes = [
      required.includes(name) ? "required" : "",
      typeof member["x-pii"] === "string" ? `*personal: ${member["x-pii"]}*` : "",
    ];
    const note = notes.filter((part) => part !== "").join(", ");
    yield `| \`${prefix}${name}\` | ${typeText(member)} | ${note} | ${String(member["description"] ?? "")} |`;
    const items = member["items"];
    if (isRecord(items)) yield* rows(items, `${prefix}${name}[].`);
    else yield* rows(member, `${prefix}${name}.`);
  }
}

function typeText(schema: JsonSchema): string {
  if (Array.isArray(schema["enum"])) return schema["enum"].map((word) => `\`${String(word)}\``).join(" ");
  if (schema["const"] !== undefined) return `\`${String(schema["const"])}\``;
  if (schema["x-time"] === true) return "timestamp";
  if (schema["type"] === "array" && isRecord(schema["items"])) return `array of ${typeText(schema["items"])}`;
  return String(schema["type"]);
}
