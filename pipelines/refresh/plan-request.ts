import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });

const watermark = Type.Object({
  asOf: day,
  until: Type.Integer(),
  seen: Type.Record(Type.String(), Type.String()),
});

const request = Type.Union([
  Type.Object({
    action: Type.Literal("plan"),
    asOf: day,
    full: Type.Boolean(),
    maintain: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ action: Type.Literal("commit"), watermark }),
]);

/**
 * What the state machine asks of the plan function.
 * @throws Error when it is neither a plan nor a commit
 */
export function parseRequest(value: unknown): Static<typeof request> {
  if (!Value.Check(request, value)) {
    throw new Error(
      'Expected {"action":"plan","asOf":"YYYY-MM-DD","full":false} or {"action":"commit","watermark":{...}}.',
    );
  }
  return value;
}

/**
 * The stored watermark.
 * @throws Error when the object is not one: deleting it makes the next refresh a full one
 */
export function parseWatermark(value: unknown): Static<typeof watermark> {
  if (!Value.Check(watermark, value)) {
    throw new Error("The refresh's watermark object is damaged; delete it and the next refresh takes every day again.");
  }
  return value;
}
