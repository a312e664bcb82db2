import type { Segment } from "./segment.ts";

/** Worth much and silent for a quarter of a year. */
export const winBack: Segment = {
  name: "win-back",
  title: "Win back",
  description: "Customers in the best two fifths by net value without a purchase for more than 90 days.",
  sql: `SELECT
  customer_id,
  CAST(monetary AS varchar) || ' GBP net over ' || CAST(frequency AS varchar) || ' orders (M' || CAST(m AS varchar)
    || '), but nothing for ' || CAST(recency_days AS varchar) || ' days.' AS reason
FROM rfm_next
WHERE m >= 4 AND recency_days > 90`,
  campaign: {
    id: "win-back-voucher",
    templateName: "win-back-voucher",
    subject: "{{givenName}}, we have missed you",
    html: "<p>Dear {{givenName}},</p><p>It has been a while. Your next parcel travels free of charge.</p>",
    text: "Dear {{givenName}},\n\nIt has been a while. Your next parcel travels free of charge.\n",
    variables: ["givenName"],
  },
};
