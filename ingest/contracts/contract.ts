import { type TObject, type TProperties, Type } from "typebox";
import { isPiiKind, type PiiKind } from "./fields.ts";

/** A member of `data` that holds personal data. `*` in the pointer stands for any array index. */
export interface PiiField {
  readonly pointer: string;
  readonly kind: PiiKind;
}

/** One event of the published language, said once. Everything else about it is derived from `data`. */
export interface Contract<Name extends string = string, Data extends TObject = TObject> {
  /** Name as published: the CloudEvents `type` and EventBridge's `detail-type`. */
  readonly type: Name;
  readonly version: number;
  readonly description: string;
  /** Service that publishes it and answers for it. */
  readonly owner: string;
  /** Name without spaces: value of the lake's `event_type` and file name of the published schema. */
  readonly partition: string;
  /** URI of the published schema of `data`: CloudEvents `dataschema`. */
  readonly dataSchema: string;
  readonly pii: readonly PiiField[];
  readonly data: Data;
}

const SCHEMA_BASE = "https://contracts.c360.example";

/** File name of a published schema, `OrderPlaced.v1.json`. */
export const schemaFile = (partition: string, version: number): string => `${partition}.v${version}.json`;

/**
 * Defines an event. `data` is closed: a member that the contract does not name is refused (and kept, replayable), so
 * nothing that nobody classified as personal or not enters the lake.
 * @param definition its name, owner, meaning and the members of `data`
 */
export function defineContract<const Name extends string, Members extends TProperties>(definition: {
  readonly type: Name;
  readonly owner: string;
  readonly description: string;
  readonly data: Members;
  readonly version?: number;
}): Contract<Name, TObject<Members>> {
  const { type, owner, description, version = 1 } = definition;
  const data = Type.Object(definition.data, { additionalProperties: false });
  const partition = type.replaceAll(" ", "");
  return {
    type,
    version,
    description,
    owner,
    partition,
    dataSchema: `${SCHEMA_BASE}/${schemaFile(partition, version)}`,
    pii: [...piiFields(data, "")],
    data,
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function* piiFields(schema: unknown, pointer: string): Generator<PiiField> {
  if (!isRecord(schema)) return;
  const kind = schema["x-pii"];
  if (isPiiKind(kind)) yield { pointer, kind };
  if (isRecord(schema["properties"])) {
    for (const [name, member] of Object.entries(schema["properties"])) yield* piiFields(member, `${pointer}/${name}`);
  }
  yield* piiFields(schema["items"], `${pointer}/*`);
}
