-- One atomic commit; rows that did not change are not rewritten.
MERGE INTO customer_360 AS t
USING (
  SELECT
    customer_id, given_name, family_name, email, email_key, country, synthetic, registered_at,
    first_purchase_at, last_purchase_at, orders, purchase_lines, units, gross, refunds, net_value,
    average_order_value, favourite_sku, email_consent, email_suppressed, sessions, product_views,
    emails_opened, emails_clicked, tickets, tickets_open, last_seen_at
  FROM customer_360_next
) AS s
ON t.customer_id = s.customer_id
WHEN MATCHED AND (
    t.given_name IS DISTINCT FROM s.given_name
    OR t.family_name IS DISTINCT FROM s.family_name
    OR t.email IS DISTINCT FROM s.email
    OR t.email_key IS DISTINCT FROM s.email_key
    OR t.country IS DISTINCT FROM s.country
    OR t.synthetic IS DISTINCT FROM s.synthetic
    OR t.registered_at IS DISTINCT FROM s.registered_at
    OR t.first_purchase_at IS DISTINCT FROM s.first_purchase_at
    OR t.last_purchase_at IS DISTINCT FROM s.last_purchase_at
    OR t.orders IS DISTINCT FROM s.orders
    OR t.purchase_lines IS DISTINCT FROM s.purchase_lines
    OR t.units IS DISTINCT FROM s.units
    OR t.gross IS DISTINCT FROM s.gross
    OR t.refunds IS DISTINCT FROM s.refunds
    OR t.net_value IS DISTINCT FROM s.net_value
    OR t.average_order_value IS DISTINCT FROM s.average_order_value
    OR t.favourite_sku IS DISTINCT FROM s.favourite_sku
    OR t.email_consent IS DISTINCT FROM s.email_consent
    OR t.email_suppressed IS DISTINCT FROM s.email_suppressed
    OR t.sessions IS DISTINCT FROM s.sessions
    OR t.product_views IS DISTINCT FROM s.product_views
    OR t.emails_opened IS DISTINCT FROM s.emails_opened
    OR t.emails_clicked IS DISTINCT FROM s.emails_clicked
    OR t.tickets IS DISTINCT FROM s.tickets
    OR t.tickets_open IS DISTINCT FROM s.tickets_open
    OR t.last_seen_at IS DISTINCT FROM s.last_seen_at
  ) THEN UPDATE SET
  given_name = s.given_name,
  family_name = s.family_name,
  email = s.email,
  email_key = s.email_key,
  country = s.country,
  synthetic = s.synthetic,
  registered_at = s.registered_at,
  first_purchase_at = s.first_purchase_at,
  last_purchase_at = s.last_purchase_at,
  orders = s.orders,
  purchase_lines = s.purchase_lines,
  units = s.units,
  gross = s.gross,
  refunds = s.refunds,
  net_value = s.net_value,
  average_order_value = s.average_order_value,
  favourite_sku = s.favourite_sku,
  email_consent = s.email_consent,
  email_suppressed = s.email_suppressed,
  sessions = s.sessions,
  product_views = s.product_views,
  emails_opened = s.emails_opened,
  emails_clicked = s.emails_clicked,
  tickets = s.tickets,
  tickets_open = s.tickets_open,
  last_seen_at = s.last_seen_at
WHEN NOT MATCHED THEN INSERT (
  customer_id, given_name, family_name, email, email_key, country, synthetic, registered_at, first_purchase_at,
  last_purchase_at, orders, purchase_lines, units, gross, refunds, net_value, average_order_value,
  favourite_sku, email_consent, email_suppressed, sessions, product_views, emails_opened, emails_clicked,
  tickets, tickets_open, last_seen_at
) VALUES (
  s.customer_id, s.given_name, s.family_name, s.email, s.email_key, s.country, s.synthetic, s.registered_at,
  s.first_purchase_at, s.last_purchase_at, s.orders, s.purchase_lines, s.units, s.gross, s.refunds,
  s.net_value, s.average_order_value, s.favourite_sku, s.email_consent, s.email_suppressed, s.sessions,
  s.product_views, s.emails_opened, s.emails_clicked, s.tickets, s.tickets_open, s.last_seen_at
)
