import type { Campaign, Segment } from "../../analytics/segments/index.ts";
import { type Decision, decideMember, type Ledger, type Member } from "./members.ts";
import { NotSent } from "./messages.ts";

/** What a run touches; the handler gives S3, SES and SNS. */
export interface Effects {
  claim(customerId: string): Promise<boolean>;
  release(customerId: string): Promise<void>;
  /** Gives the message's id. */
  send(member: Member, to: string): Promise<string>;
  announce(member: Member): Promise<void>;
  settle(customerId: string, messageId: string): Promise<void>;
  /** False when the time left is too short to begin another member. */
  timeLeft(): boolean;
}

/** Counts of one run; `remaining` members were not reached. */
export interface Activation {
  readonly members: number;
  readonly sent: number;
  readonly alreadySent: number;
  readonly withoutConsent: number;
  readonly withoutAddress: number;
  readonly suppressed: number;
  readonly rejected: number;
  readonly inDoubt: number;
  readonly left: number;
  readonly remaining: number;
}

/** A line of the export file. */
export interface ExportedMember {
  readonly customerId: string;
  readonly change: Member["change"];
  readonly reason: string;
  readonly outcome: Verdict;
}

type Verdict = Exclude<Decision, "send"> | "sent" | "rejected" | "remaining" | "wouldSend";

/** Members in work at one time: SES accounts in production allow a few dozen a second at least. */
const CONCURRENCY = 8;

/**
 * Carries a campaign to its segment's members: claim, send, announce, settle. In this order a run may end anywhere and
 * the next one neither repeats nor forgets: a claim that is not settled is reported as in doubt.
 * @throws what made an effect fail for a reason that is not one member's; members in work are brought to an end first
 */
export async function activate(members: readonly Member[], ledger: Ledger, effects: Effects, dryRun: boolean) {
  const verdicts = new Array<Verdict>(members.length).fill("remaining");
  let next = 0;
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let index = next++; index < members.length && failures.length === 0; index = next++) {
      const member = members[index];
      if (member === undefined) return;
      const decision = decideMember(member, ledger);
      if (decision !== "send") verdicts[index] = decision;
      else if (dryRun) verdicts[index] = "wouldSend";
      else if (effects.timeLeft()) verdicts[index] = await deliver(member, effects);
    }
  };
  const guarded = () => worker().catch((error: unknown) => failures.push(error));
  await Promise.all(Array.from({ length: CONCURRENCY }, guarded));
  if (failures.length > 0) throw failures[0];
  return { counts: count(verdicts), rows: members.map((member, index) => row(member, verdicts[index] ?? "remaining")) };
}

async function deliver(member: Member, effects: Effects): Promise<Verdict> {
  if (member.email === null) return "withoutAddress";
  if (!(await effects.claim(member.customerId))) return "inDoubt";
  let messageId: string;
  try {
    messageId = await effects.send(member, member.email);
  } catch (error) {
    // The answer was lost: the message may be out, and the claim stays.
    if (!(error instanceof NotSent)) return "inDoubt";
    await effects.release(member.customerId);
    if (!error.aboutMessage) throw error.cause;
    return "rejected";
  }
  await effects.announce(member);
  await effects.settle(member.customerId, messageId);
  return "sent";
}

const row = ({ customerId, change, reason }: Member, outcome: Verdict): ExportedMember => ({
  customerId,
  change,
  reason,
  outcome,
});

function count(verdicts: readonly Verdict[]): Activation {
  const of = (...wanted: readonly Verdict[]) => verdicts.filter((verdict) => wanted.includes(verdict)).length;
  return {
    members: verdicts.length - of("left"),
    sent: of("sent"),
    alreadySent: of("alreadySent"),
    withoutConsent: of("withoutConsent"),
    withoutAddress: of("withoutAddress"),
    suppressed: of("suppressed"),
    rejected: of("rejected"),
    inDoubt: of("inDoubt"),
    left: of("left"),
    remaining: of("remaining", "wouldSend"),
  };
}

/** What the segment topic's subscribers get: ids and figures, no personal data. */
export const announcement = (
  { name }: Segment,
  campaign: Campaign,
  asOf: string,
  { customerId, change, reason }: Member,
) => ({
  segment: name,
  campaign: campaign.id,
  asOf,
  customerId,
  change,
  reason,
});
