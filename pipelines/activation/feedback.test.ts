import { describe, expect, test } from "vitest";
import { segments } from "../../analytics/segments/index.ts";
import { validateEvent } from "../../ingest/contracts/index.ts";
import { feedbackEvent } from "./feedback.ts";
import { memberOf, membersQuery, templateData } from "./members.ts";
import { parseRequest } from "./request.ts";

const mail = {
  messageId: "0100-1",
  timestamp: "2011-12-10T08:00:00.000Z",
  destination: ["ada@example.org"],
  tags: { campaign: ["welcome"], customer: ["12346"], "ses:configuration-set": ["c360-test-campaigns"] },
};
const report = (eventType: string, more: object) => ({
  source: "aws.ses",
  "detail-type": `Email ${eventType}`,
  detail: { eventType, mail, ...more },
});
const at = { timestamp: "2011-12-10T08:01:02.345Z" };

describe("feedbackEvent", () => {
  test.each([
    ["EmailDelivered", report("Delivery", { delivery: at }), {}],
    ["EmailOpened", report("Open", { open: { ...at, userAgent: "x" } }), {}],
    [
      "EmailClicked",
      report("Click", { click: { ...at, link: "https://shop.example/" } }),
      { link: "https://shop.example/" },
    ],
    ["EmailBounced", report("Bounce", { bounce: { ...at, bounceType: "Permanent" } }), { bounceType: "Permanent" }],
    ["EmailBounced", report("Bounce", { bounce: { ...at, bounceType: "Undetermined" } }), { bounceType: "Transient" }],
    ["EmailComplained", report("Complaint", { complaint: at }), {}],
  ])("%s", (type, input, more) => {
    const event = feedbackEvent(input);
    expect(event).toMatchObject({
      type,
      time: "2011-12-10T08:01:02.345Z",
      data: {
        messageId: "0100-1",
        campaign: "welcome",
        customerId: "12346",
        email: "ada@example.org",
        occurredAt: "2011-12-10T08:01:02.345Z",
        ...more,
      },
    });
    expect(validateEvent(event)).toMatchObject({ ok: true });
    expect(event?.["id"]).toMatch(/^013426fd-4f89-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("the same report twice is the same event, another opening another (002-10)", () => {
    const first = feedbackEvent(report("Open", { open: at }));
    expect(feedbackEvent(report("Open", { open: at }))).toEqual(first);
    expect(feedbackEvent(report("Open", { open: { timestamp: "2011-12-10T09:00:00.000Z" } }))?.["id"]).not.toBe(
      first?.["id"],
    );
  });

  test("reports without a contract are passed over, anything else is an error", () => {
    expect(feedbackEvent(report("Send", { send: {} }))).toBeUndefined();
    expect(() => feedbackEvent({ detail: {} })).toThrow("Not an event of SES");
  });
});

describe("requests and members", () => {
  test("a request names a segment, and a day if any", () => {
    expect(parseRequest({ segment: "champions", asOf: "2011-12-10" })).toEqual({
      segment: "champions",
      asOf: "2011-12-10",
    });
    expect(() => parseRequest({ segment: "champions", asOf: "yesterday" })).toThrow('Expected {"segment"');
    expect(() => parseRequest({})).toThrow('Expected {"segment"');
  });

  test("asks for the latest refresh or the one named", () => {
    expect(membersQuery("champions", "2011-12-10")).toContain("AND m.as_of = DATE '2011-12-10'");
    expect(membersQuery("champions", undefined)).toContain("AND m.as_of = (SELECT max(as_of) FROM segment_members)");
  });

  test("reads a row, and fills exactly the variables that the templates use", () => {
    const someone = memberOf(["2011-12-10", "12346", "entered", "because", null, "ada@example.org", "true", "false"]);
    expect(someone).toEqual({
      customerId: "12346",
      change: "entered",
      reason: "because",
      givenName: "",
      email: "ada@example.org",
      consent: true,
      suppressed: false,
    });
    for (const { campaign } of segments) {
      const used = new Set(
        [...`${campaign.subject}${campaign.html}${campaign.text}`.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name),
      );
      expect(new Set(Object.keys(templateData(campaign, someone)))).toEqual(used);
      expect(templateData(campaign, someone)["givenName"]).toBe("customer");
    }
    expect(() => memberOf(["2011-12-10", "12346", "joined", null, null, null, null, null])).toThrow("unknown change");
  });
});
