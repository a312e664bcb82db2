import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { environment } from "../shared/environment.ts";
import { feedbackEvent } from "./feedback.ts";

const bus = new EventBridgeClient({});
const { BUS_NAME } = environment("BUS_NAME");

/** Puts what SES reports about messages on the domain bus, as events of the published language. */
export async function handler(input: unknown): Promise<void> {
  const event = feedbackEvent(input);
  if (event === undefined) return;
  const { FailedEntryCount, Entries } = await bus.send(
    new PutEventsCommand({
      Entries: [
        { EventBusName: BUS_NAME, Source: "engagement", DetailType: event.type, Detail: JSON.stringify(event) },
      ],
    }),
  );
  // Lambda tries an asynchronous event again, and the event's id stays the same.
  if (FailedEntryCount !== 0)
    throw new Error(`The bus refused the event: ${Entries?.[0]?.ErrorCode ?? "no reason given"}.`);
}
