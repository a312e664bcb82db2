import { type Contract, schemaFile } from "./contract.ts";
import { envelope } from "./envelope.ts";

/** A JSON Schema as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** Plain JSON of a TypeBox schema: what is published holds no symbols or hidden members. */
const plain = (schema: object): JsonSchema => JSON.parse(JSON.stringify(schema));

/** The schema of an event's `data` as published: kept in the repository, compared with on every change. */
export function publishedSchema(contract: Contract): JsonSchema {
  return {
    $schema: DIALECT,
    $id: contract.dataSchema,
    title: contract.type,
    description: contract.description,
    ...plain(contract.data),
  };
}

/** The envelope's schema as published. */
export function publishedEnvelope(): JsonSchema {
  return { $schema: DIALECT, title: "Envelope", ...plain(envelope) };
}

/** Arguments of `aws.schemas.Schema`, without the registry. */
export interface EventBridgeSchema {
  readonly name: string;
  readonly type: "OpenApi3";
  readonly description: string;
  readonly content: string;
}

/**
 * The event as EventBridge's schema registry takes it: OpenAPI 3.0, with the bus's own frame (`AWSEvent`) around the
 * CloudEvent in `detail`, so that code bindings fit what a rule's target receives.
 */
export function eventBridgeSchema(contract: Contract): EventBridgeSchema {
  const { data: _, ...around } = envelopeProperties();
  const detail = openApi({
    ...plain(envelope),
    properties: { ...around, type: { type: "string", enum: [contract.type] }, data: plain(contract.data) },
  });
  const content = {
    openapi: "3.0.0",
    info: { title: contract.type, version: `${contract.version}.0.0`, description: contract.description },
    paths: {},
    components: {
      schemas: {
        AWSEvent: {
          type: "object",
          required: ["detail-type", "resources", "id", "source", "time", "detail", "region", "version", "account"],
          "x-amazon-events-detail-type": contract.type,
          "x-amazon-events-source": contract.owner,
          properties: {
            detail: { $ref: `#/components/schemas/${contract.partition}` },
            account: { type: "string" },
            "detail-type": { type: "string" },
            id: { type: "string" },
            region: { type: "string" },
            resources: { type: "array", items: { type: "string" } },
            source: { type: "string" },
            time: { type: "string", format: "date-time" },
            version: { type: "string" },
          },
        },
        [contract.partition]: detail,
      },
    },
  };
  return {
    name: `${contract.owner}@${contract.partition}`,
    type: "OpenApi3",
    description: contract.description,
    content: JSON.stringify(content),
  };
}

function envelopeProperties(): JsonSchema {
  const { properties } = plain(envelope);
  return isRecord(properties) ? properties : {};
}

export const isRecord = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** OpenAPI 3.0 has no `const`, and an `enum` needs its type beside it. */
function openApi(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(openApi);
  if (!isRecord(schema)) return schema;
  const { const: only, ...rest } = schema;
  const mapped = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, openApi(value)]));
  if (only !== undefined) return { ...mapped, enum: [only] };
  return Array.isArray(mapped["enum"]) ? { type: "string", ...mapped } : mapped;
}

/** File under `published/` of a contract's schema. */
export const publishedFile = (contract: Contract): string => schemaFile(contract.partition, contract.version);
