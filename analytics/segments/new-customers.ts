import type { Segment } from "./segment.ts";

/** One order so far, placed within the last 30 days. */
export const newCustomers: Segment = {
  name: "new-customers",
  title: "New customers",
  description: "Customers whose only order is at most 30 days old.",
  sql: `SELECT
  r.customer_id,
  'First order ' || CAST(r.recency_days AS varchar) || ' days ago, ' || CAST(r.monetary AS varchar) || ' GBP net, '
    || CAST(c.units AS varchar) || ' units.' AS reason
FROM rfm_next AS r
JOIN customer_360_next AS c ON c.customer_id = r.customer_id
WHERE r.frequency = 1 AND r.recency_days <= 30`,
  campaign: {
    id: "welcome",
    templateName: "welcome",
    subject: "Welcome, {{givenName}}",
    html: "<p>Dear {{givenName}},</p><p>Thank you for your first order. Here is how to get the most out of your account {{customerId}}.</p>",
    text: "Dear {{givenName}},\n\nThank you for your first order. Here is how to get the most out of your account {{customerId}}.\n",
    variables: ["givenName", "customerId"],
  },
};
