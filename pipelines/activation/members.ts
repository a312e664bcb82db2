import type { Campaign, CampaignVariable } from "../../analytics/segments/index.ts";

/** One row of a segment at one refresh, with what decides whether the person may be written to. */
export interface Member {
  readonly customerId: string;
  readonly change: "entered" | "stayed" | "left";
  readonly reason: string;
  readonly givenName: string;
  readonly email: string | null;
  readonly consent: boolean;
  readonly suppressed: boolean;
}

/** What is already known of a campaign: who was claimed for it, and to whom it is known to be sent. */
export interface Ledger {
  readonly claimed: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
}

/** What happens to a member; all but `send` is final for this run. */
export type Decision = "send" | "left" | "alreadySent" | "inDoubt" | "withoutConsent" | "withoutAddress" | "suppressed";

/**
 * Decides for one member. A claim that is not known to be sent means that a run ended between the two: the message
 * may be out, so it is reported and never sent again.
 */
export function decideMember(member: Member, ledger: Ledger): Decision {
  if (member.change === "left") return "left";
  if (ledger.sent.has(member.customerId)) return "alreadySent";
  if (ledger.claimed.has(member.customerId)) return "inDoubt";
  if (!member.consent) return "withoutConsent";
  if (member.suppressed) return "suppressed";
  if (member.email === null || member.email === "") return "withoutAddress";
  return "send";
}

/**
 * The query for the members of a segment at one refresh. Leavers come too: they are exported, not written to.
 * @param segment a segment's name from `analytics/segments`
 * @param asOf a checked `YYYY-MM-DD`; without it the latest refresh
 */
export const membersQuery = (segment: string, asOf: string | undefined): string => `SELECT
  CAST(m.as_of AS varchar) AS as_of, m.customer_id, m.change, m.reason, c.given_name, c.email, c.email_consent, c.email_suppressed
FROM segment_members AS m
JOIN customer_360 AS c ON c.customer_id = m.customer_id
WHERE m.segment = '${segment}'
  AND m.as_of = ${asOf === undefined ? "(SELECT max(as_of) FROM segment_members)" : `DATE '${asOf}'`}
ORDER BY m.customer_id`;

/** A row of `membersQuery`. */
export function memberOf([, customerId, change, reason, givenName, email, consent, suppressed]: readonly (
  | string
  | null
)[]): Member {
  if (customerId == null || (change !== "entered" && change !== "stayed" && change !== "left")) {
    throw new Error("segment_members holds a row without a customer or with an unknown change.");
  }
  return {
    customerId,
    change,
    reason: reason ?? "",
    givenName: givenName ?? "",
    email: email ?? null,
    consent: consent === "true",
    suppressed: suppressed === "true",
  };
}

/** Fills a campaign's variables for one member. */
export function templateData({ variables }: Campaign, member: Member): Readonly<Record<string, string>> {
  const values: Readonly<Record<CampaignVariable, string>> = {
    givenName: member.givenName === "" ? "customer" : member.givenName,
    customerId: member.customerId,
  };
  return Object.fromEntries(variables.map((name) => [name, values[name]]));
}
