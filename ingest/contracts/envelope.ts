import { type Static, Type } from "typebox";
import { id, timestamp } from "./fields.ts";

/** What every event carries around its `data`: CloudEvents 1.0 in JSON, with the extensions for tracing. */
export const envelope = Type.Object(
  {
    specversion: Type.Literal("1.0", { description: "Version of CloudEvents." }),
    id: id("Event, unique for its source; a UUIDv7 where we make it. Repeated when the event is delivered again."),
    source: Type.String({ minLength: 1, maxLength: 256, description: "Who published it, as a URI reference." }),
    type: Type.String({ minLength: 1, maxLength: 128, description: "Name of the event." }),
    subject: id("What it is about: the aggregate's id."),
    time: timestamp("When it happened."),
    datacontenttype: Type.Literal("application/json", { description: "Media type of `data`." }),
    dataschema: Type.String({ minLength: 1, maxLength: 512, description: "URI of the published schema of `data`." }),
    correlationid: id("The same for everything that one request set off."),
    causationid: Type.Optional(id("Event that caused this one.")),
    traceparent: Type.Optional(
      Type.String({
        pattern: "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
        description: "W3C trace context.",
      }),
    ),
    data: Type.Object({}, { description: "The event itself; its schema is named by `dataschema`." }),
  },
  { description: "CloudEvents 1.0. Further extension attributes are allowed and ignored." },
);

export type Envelope = Static<typeof envelope>;
