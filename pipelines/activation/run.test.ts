import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ledger, Member } from "./members.ts";
import { NotSent } from "./messages.ts";
import { activate, type Effects } from "./run.ts";

const member = (customerId: string, more: Partial<Member> = {}): Member => ({
  customerId,
  change: "entered",
  reason: "because",
  givenName: "Ada",
  email: `${customerId}@example.org`,
  consent: true,
  suppressed: false,
  ...more,
});

/** S3, SES and SNS in memory; `dies` throws before the n-th effect, as a function that is stopped there. */
function world(dies = Number.POSITIVE_INFINITY) {
  const claimed = new Set<string>();
  const done = new Map<string, string>();
  const sent: string[] = [];
  const announced: string[] = [];
  let effects = 0;
  const step = () => {
    if (++effects >= dies) throw new Error("stopped");
  };
  const ledger = (): Ledger => ({ claimed: new Set(claimed), sent: new Set(done.keys()) });
  const make = (more: Partial<Effects> = {}): Effects => ({
    claim: async (id) => {
      step();
      if (claimed.has(id)) return false;
      claimed.add(id);
      return true;
    },
    release: async (id) => {
      claimed.delete(id);
    },
    send: async ({ customerId }) => {
      step();
      sent.push(customerId);
      return `m-${customerId}`;
    },
    settle: async (id, messageId) => {
      step();
      done.set(id, messageId);
    },
    announce: async ({ customerId }) => {
      step();
      announced.push(customerId);
    },
    timeLeft: () => true,
    ...more,
  });
  return { ledger, make, sent, announced, revive: () => (dies = Number.POSITIVE_INFINITY) };
}

const none = {
  sent: 0,
  alreadySent: 0,
  withoutConsent: 0,
  withoutAddress: 0,
  suppressed: 0,
  rejected: 0,
  inDoubt: 0,
  left: 0,
  remaining: 0,
};

describe("activate", () => {
  test("writes to those it may, and says why not to the others", async () => {
    const { ledger, make, sent, announced } = world();
    const members = [
      member("1"),
      member("2", { consent: false }),
      member("3", { suppressed: true }),
      member("4", { email: null }),
      member("5", { change: "left" }),
      member("6", { change: "stayed" }),
    ];
    const { counts, rows } = await activate(members, ledger(), make(), false);
    expect(counts).toEqual({
      ...none,
      members: 5,
      sent: 2,
      withoutConsent: 1,
      suppressed: 1,
      withoutAddress: 1,
      left: 1,
    });
    expect(sent.sort()).toEqual(["1", "6"]);
    expect(announced.sort()).toEqual(["1", "6"]);
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      "sent",
      "withoutConsent",
      "suppressed",
      "withoutAddress",
      "left",
      "sent",
    ]);
    expect(JSON.stringify(rows)).not.toContain("example.org");
  });

  test("the same again sends nothing (002-10)", async () => {
    const { ledger, make, sent } = world();
    const members = [member("1"), member("2")];
    await activate(members, ledger(), make(), false);
    const { counts } = await activate(members, ledger(), make(), false);
    expect(counts).toEqual({ ...none, members: 2, alreadySent: 2 });
    expect(sent).toHaveLength(2);
  });

  test("a lost answer leaves the claim in doubt for ever; a message that SES refuses is tried by the next run", async () => {
    const { ledger, make, sent, announced } = world();
    const lost = await activate(
      [member("1")],
      ledger(),
      make({ send: () => Promise.reject(new Error("socket hang up")) }),
      false,
    );
    expect(lost.counts).toEqual({ ...none, members: 1, inDoubt: 1 });
    const refuse = () => Promise.reject(new NotSent(new Error("no such mailbox"), true));
    const refused = await activate([member("2")], ledger(), make({ send: refuse }), false);
    expect(refused.counts).toEqual({ ...none, members: 1, rejected: 1 });
    const again = await activate([member("1"), member("2")], ledger(), make(), false);
    expect(again.counts).toEqual({ ...none, members: 2, inDoubt: 1, sent: 1 });
    expect([sent, announced]).toEqual([["2"], ["2"]]);
  });

  test("what no message would survive ends the run with its own error, and nobody stays claimed", async () => {
    const { ledger, make } = world();
    const denied = Object.assign(new Error("not authorized to perform: ses:SendEmail"), {
      name: "AccessDeniedException",
    });
    const members = Array.from({ length: 20 }, (_, n) => member(String(n)));
    const run = activate(members, ledger(), make({ send: () => Promise.reject(new NotSent(denied, false)) }), false);
    await expect(run).rejects.toBe(denied);
    expect(ledger().claimed.size).toBe(0);
  });

  test("a dry run touches nothing", async () => {
    const { ledger, make } = world(1);
    const { counts } = await activate([member("1"), member("2", { consent: false })], ledger(), make(), true);
    expect(counts).toEqual({ ...none, members: 2, withoutConsent: 1, remaining: 1 });
  });

  test("when time runs out the rest remains, and the next run does it", async () => {
    const { ledger, make, sent } = world();
    const members = Array.from({ length: 30 }, (_, n) => member(String(n)));
    let left = 12;
    const first = await activate(members, ledger(), make({ timeLeft: () => left-- > 0 }), false);
    expect(first.counts).toMatchObject({ sent: 12, remaining: 18 });
    const second = await activate(members, ledger(), make(), false);
    expect(second.counts).toMatchObject({ sent: 18, alreadySent: 12, remaining: 0 });
    expect(new Set(sent).size).toBe(30);
  });

  test("stopped before any effect and run again, nobody gets two messages and nobody is forgotten silently (P5)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 14 }), async (dies, size) => {
        const { ledger, make, sent, revive } = world(dies);
        const members = Array.from({ length: size }, (_, n) => member(String(n)));
        await activate(members, ledger(), make(), false).catch(() => undefined);
        revive();
        const { counts } = await activate(members, ledger(), make(), false);
        expect(new Set(sent).size).toBe(sent.length);
        expect(counts.sent + counts.alreadySent + counts.inDoubt).toBe(size);
      }),
    );
  });
});
