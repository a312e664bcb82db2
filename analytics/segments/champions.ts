import type { Segment } from "./segment.ts";

/** Bought lately, often and for much: among the best two fifths in all three. */
export const champions: Segment = {
  name: "champions",
  title: "Champions",
  description: "Customers in the best two fifths by recency, frequency and net value.",
  sql: `SELECT
  customer_id,
  CAST(frequency AS varchar) || ' orders for ' || CAST(monetary AS varchar) || ' GBP net, the last '
    || CAST(recency_days AS varchar) || ' days ago (R' || CAST(r AS varchar) || ' F' || CAST(f AS varchar)
    || ' M' || CAST(m AS varchar) || ').' AS reason
FROM rfm_next
WHERE r >= 4 AND f >= 4 AND m >= 4`,
  campaign: {
    id: "champions-preview",
    templateName: "champions-preview",
    subject: "{{givenName}}, see the new collection first",
    html: "<p>Dear {{givenName}},</p><p>As one of our best customers you see the new collection a week before everyone else.</p>",
    text: "Dear {{givenName}},\n\nAs one of our best customers you see the new collection a week before everyone else.\n",
    variables: ["givenName"],
  },
};
