import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const request = Type.Object(
  {
    segment: Type.String({ minLength: 1 }),
    asOf: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" })),
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** Which segment to export, at which refresh (default the latest), and whether only to count. */
export type ActivationRequest = Static<typeof request>;

/** @throws Error that says what the function takes */
export function parseRequest(value: unknown): ActivationRequest {
  if (!Value.Check(request, value)) {
    throw new Error('Expected {"segment": "<name>", "asOf"?: "YYYY-MM-DD", "dryRun"?: boolean}.');
  }
  return value;
}
