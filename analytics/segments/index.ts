import { champions } from "./champions.ts";
import { newCustomers } from "./new-customers.ts";
import type { Segment } from "./segment.ts";
import { winBack } from "./win-back.ts";

export type { Campaign, CampaignVariable, Segment } from "./segment.ts";
export { segmentModel } from "./segment-model.ts";

/** All segments. Pure text: infra, the refresh and the activation function's bundle import it. */
export const segments: readonly Segment[] = [champions, winBack, newCustomers];

/**
 * @param name a segment's name
 * @throws RangeError that names the segments there are
 */
export function segmentNamed(name: string): Segment {
  const found = segments.find((segment) => segment.name === name);
  if (found === undefined) {
    throw new RangeError(
      `There is no segment ${JSON.stringify(name)}. There are: ${segments.map((segment) => segment.name).join(", ")}.`,
    );
  }
  return found;
}
