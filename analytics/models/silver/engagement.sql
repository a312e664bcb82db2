-- A day is counted anew from all its events, each once, so late and repeated events cannot be counted twice.
MERGE INTO engagement AS t
USING (
  SELECT
    customer_id,
    event_date,
    CAST(event_date AS date) AS seen_on,
    count(DISTINCT session_id) AS sessions,
    count_if(event_type = 'ProductViewed') AS product_views,
    count_if(event_type = 'ProductAdded') AS products_added,
    count_if(event_type = 'EmailDelivered') AS emails_delivered,
    count_if(event_type = 'EmailOpened') AS emails_opened,
    count_if(event_type = 'EmailClicked') AS emails_clicked,
    max(CASE WHEN event_type <> 'EmailDelivered' THEN event_time END) AS last_seen_at
  FROM (
    SELECT DISTINCT
      event_id, event_type, event_date, time AS event_time,
      json_extract_scalar(data, '$.customerId') AS customer_id,
      json_extract_scalar(data, '$.sessionId') AS session_id
    FROM raw_events
    WHERE event_type IN (
        'ProductViewed', 'ProductAdded', 'ProductListViewed', 'ProductsSearched', 'CheckoutStarted', 'OrderCompleted',
        'Page', 'Identify', 'EmailDelivered', 'EmailOpened', 'EmailClicked'
      )
      AND event_date IN ('2010-12-01' /*:event_dates*/)
  ) AS hits
  WHERE customer_id IS NOT NULL
  GROUP BY customer_id, event_date
) AS s
ON t.customer_id = s.customer_id AND t.event_date = s.event_date
WHEN MATCHED AND (
    t.sessions IS DISTINCT FROM s.sessions
    OR t.product_views IS DISTINCT FROM s.product_views
    OR t.products_added IS DISTINCT FROM s.products_added
    OR t.emails_delivered IS DISTINCT FROM s.emails_delivered
    OR t.emails_opened IS DISTINCT FROM s.emails_opened
    OR t.emails_clicked IS DISTINCT FROM s.emails_clicked
    OR t.last_seen_at IS DISTINCT FROM s.last_seen_at
  ) THEN UPDATE SET
  sessions = s.sessions,
  product_views = s.product_views,
  products_added = s.products_added,
  emails_delivered = s.emails_delivered,
  emails_opened = s.emails_opened,
  emails_clicked = s.emails_clicked,
  last_seen_at = s.last_seen_at
WHEN NOT MATCHED THEN INSERT (
  customer_id, event_date, seen_on, sessions, product_views, products_added, emails_delivered, emails_opened, emails_clicked, last_seen_at
) VALUES (
  s.customer_id, s.event_date, s.seen_on, s.sessions, s.product_views, s.products_added, s.emails_delivered, s.emails_opened, s.emails_clicked, s.last_seen_at
)
