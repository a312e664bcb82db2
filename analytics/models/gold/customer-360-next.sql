-- The row of every customer that events of the refreshed days are about, computed anew from silver.
-- The other rows of the candidate are those of the refreshes before; the audit sees the whole table.
MERGE INTO customer_360_next AS t
USING (
  WITH touched AS (
    SELECT customer_id FROM profile_changes WHERE event_date IN ('2010-12-01' /*:event_dates*/)
    UNION ALL
    SELECT customer_id FROM order_lines WHERE customer_id IS NOT NULL AND event_date IN ('2010-12-01' /*:event_dates*/)
    UNION ALL
    SELECT customer_id FROM engagement WHERE event_date IN ('2010-12-01' /*:event_dates*/)
    UNION ALL
    SELECT customer_id FROM consents WHERE customer_id IS NOT NULL AND event_date IN ('2010-12-01' /*:event_dates*/)
    UNION ALL
    SELECT customer_id FROM tickets WHERE customer_id IS NOT NULL AND event_date IN ('2010-12-01' /*:event_dates*/)
    UNION ALL
    SELECT k.customer_id
    FROM milestones AS m
    JOIN tickets AS k ON k.ticket_id = m.subject_id
    WHERE k.customer_id IS NOT NULL AND m.milestone = 'ticket-resolved' AND m.event_date IN ('2010-12-01' /*:event_dates*/)
    UNION ALL
    -- What is known by an address only, concerns the customers who have that address.
    SELECT c.customer_id
    FROM customers AS c
    JOIN (
      SELECT email_key FROM consents WHERE event_date IN ('2010-12-01' /*:event_dates*/)
      UNION ALL
      SELECT email_key FROM suppressions WHERE event_date IN ('2010-12-01' /*:event_dates*/)
      UNION ALL
      SELECT email_key FROM tickets WHERE customer_id IS NULL AND event_date IN ('2010-12-01' /*:event_dates*/)
      UNION ALL
      SELECT k.email_key
      FROM milestones AS m
      JOIN tickets AS k ON k.ticket_id = m.subject_id
      WHERE k.customer_id IS NULL AND m.milestone = 'ticket-resolved' AND m.event_date IN ('2010-12-01' /*:event_dates*/)
    ) AS addresses ON addresses.email_key = c.email_key
  ),
  population AS (
    SELECT p.customer_id, c.given_name, c.family_name, c.email, c.email_key, c.country, c.synthetic, c.registered_at
    FROM (SELECT DISTINCT customer_id FROM touched) AS p
    LEFT JOIN customers AS c ON c.customer_id = p.customer_id
  ),
  purchases AS (
    SELECT
      customer_id,
      max_by(country, CAST(sold_at AS varchar) || line_id) AS country,
      min(CASE WHEN line_class = 'sale' THEN sold_at END) AS first_purchase_at,
      max(CASE WHEN line_class = 'sale' THEN sold_at END) AS last_purchase_at,
      count(DISTINCT CASE WHEN line_class = 'sale' THEN document_id END) AS orders,
      count_if(line_class = 'sale') AS purchase_lines,
      sum(CASE WHEN line_class = 'sale' THEN quantity ELSE 0 END) AS units,
      sum(CASE WHEN line_class = 'sale' THEN value_micros ELSE 0 END) AS gross_micros,
      sum(CASE WHEN line_class = 'cancellation' THEN -value_micros ELSE 0 END) AS refunds_micros,
      sum(value_micros) AS net_micros
    FROM order_lines
    WHERE customer_id IN (SELECT customer_id FROM touched)
    GROUP BY customer_id
  ),
  favourites AS (
    SELECT customer_id, sku
    FROM (
      SELECT customer_id, sku, row_number() OVER (PARTITION BY customer_id ORDER BY sum(quantity) DESC, sku) AS place
      FROM order_lines
      WHERE line_class = 'sale' AND kind = 'product' AND customer_id IN (SELECT customer_id FROM touched)
      GROUP BY customer_id, sku
    ) AS places
    WHERE place = 1
  ),
  decisions AS (
    SELECT customer_id, granted
    FROM (
      SELECT customer_id, granted, row_number() OVER (PARTITION BY customer_id ORDER BY event_time DESC, event_id DESC) AS version
      FROM (
        SELECT customer_id, granted, event_time, event_id
        FROM consents
        WHERE channel = 'email' AND purpose = 'marketing' AND customer_id IS NOT NULL
        UNION ALL
        SELECT p.customer_id, k.granted, k.event_time, k.event_id
        FROM consents AS k
        JOIN population AS p ON p.email_key = k.email_key
        WHERE k.channel = 'email' AND k.purpose = 'marketing' AND k.customer_id IS NULL
      ) AS either
    ) AS versions
    WHERE version = 1
  ),
  days AS (
    SELECT
      customer_id,
      sum(sessions) AS sessions,
      sum(product_views) AS product_views,
      sum(emails_opened) AS emails_opened,
      sum(emails_clicked) AS emails_clicked,
      max(last_seen_at) AS last_seen_at
    FROM engagement
    WHERE customer_id IN (SELECT customer_id FROM touched)
    GROUP BY customer_id
  ),
  help AS (
    SELECT owned.customer_id, count(*) AS tickets, count_if(m.subject_id IS NULL) AS tickets_open
    FROM (
      SELECT customer_id, ticket_id FROM tickets WHERE customer_id IS NOT NULL
      UNION ALL
      SELECT p.customer_id, k.ticket_id
      FROM tickets AS k
      JOIN population AS p ON p.email_key = k.email_key
      WHERE k.customer_id IS NULL
    ) AS owned
    LEFT JOIN milestones AS m ON m.subject_id = owned.ticket_id AND m.milestone = 'ticket-resolved'
    GROUP BY owned.customer_id
  ),
  figures AS (
    SELECT
      p.customer_id, p.given_name, p.family_name, p.email, p.email_key,
      coalesce(p.country, b.country) AS country,
      p.synthetic, p.registered_at, b.first_purchase_at, b.last_purchase_at,
      coalesce(b.orders, 0) AS orders,
      coalesce(b.purchase_lines, 0) AS purchase_lines,
      coalesce(b.units, 0) AS units,
      coalesce(b.gross_micros, 0) AS gross_micros,
      coalesce(b.refunds_micros, 0) AS refunds_micros,
      coalesce(b.net_micros, 0) AS net_micros,
      f.sku AS favourite_sku,
      coalesce(d.granted, false) AS email_consent,
      x.email_key IS NOT NULL AS email_suppressed,
      coalesce(e.sessions, 0) AS sessions,
      coalesce(e.product_views, 0) AS product_views,
      coalesce(e.emails_opened, 0) AS emails_opened,
      coalesce(e.emails_clicked, 0) AS emails_clicked,
      coalesce(h.tickets, 0) AS tickets,
      coalesce(h.tickets_open, 0) AS tickets_open,
      e.last_seen_at
    FROM population AS p
    LEFT JOIN purchases AS b ON b.customer_id = p.customer_id
    LEFT JOIN favourites AS f ON f.customer_id = p.customer_id
    LEFT JOIN decisions AS d ON d.customer_id = p.customer_id
    LEFT JOIN suppressions AS x ON x.email_key = p.email_key
    LEFT JOIN days AS e ON e.customer_id = p.customer_id
    LEFT JOIN help AS h ON h.customer_id = p.customer_id
  )
  SELECT
    customer_id, given_name, family_name, email, email_key, country, synthetic, registered_at, first_purchase_at,
    last_purchase_at, orders, purchase_lines, units,
    CAST(CAST(gross_micros AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS gross,
    CAST(CAST(refunds_micros AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS refunds,
    CAST(CAST(net_micros AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS net_value,
    -- Integer division, half up: micros per order -> thousandths.
    CAST(
      CAST((2 * gross_micros + 1000 * orders) / (2000 * nullif(orders, 0)) AS decimal(18, 0)) * DECIMAL '0.001'
      AS decimal(18, 3)
    ) AS average_order_value,
    favourite_sku, email_consent, email_suppressed, sessions, product_views, emails_opened, emails_clicked, tickets,
    tickets_open,
    CASE
      WHEN last_seen_at IS NULL OR last_purchase_at > last_seen_at THEN last_purchase_at
      ELSE last_seen_at
    END AS last_seen_at
  FROM figures
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
