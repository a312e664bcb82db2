-- Orders as placed. Of several versions of one row the latest by (event_time, event_id) stays, whatever came first.
MERGE INTO orders AS t
USING (
  SELECT order_id, customer_id, country, placed_at, adjustment, line_count, total_micros, total, event_id, event_time, event_date
  FROM (
    SELECT
      order_id, customer_id, country, placed_at, adjustment, line_count, total_micros, total, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY order_id ORDER BY event_time DESC, event_id DESC) AS version
    FROM (
      SELECT
        json_extract_scalar(data, '$.orderId') AS order_id,
        json_extract_scalar(data, '$.customerId') AS customer_id,
        json_extract_scalar(data, '$.country') AS country,
        CAST(from_iso8601_timestamp(json_extract_scalar(data, '$.placedAt')) AS timestamp) AS placed_at,
        json_extract_scalar(data, '$.adjustment') AS adjustment,
        CAST(json_array_length(json_extract(data, '$.lines')) AS integer) AS line_count,
        CAST(json_extract_scalar(data, '$.total.micros') AS bigint) AS total_micros,
        CAST(CAST(CAST(json_extract_scalar(data, '$.total.micros') AS bigint) AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS total,
        event_id,
        time AS event_time,
        event_date
      FROM raw_events
      WHERE event_type = 'OrderPlaced'
        AND event_date IN ('2010-12-01' /*:event_dates*/)
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.order_id = s.order_id
WHEN MATCHED AND (s.event_time > t.event_time OR (s.event_time = t.event_time AND s.event_id > t.event_id)) THEN UPDATE SET
  customer_id = s.customer_id,
  country = s.country,
  placed_at = s.placed_at,
  adjustment = s.adjustment,
  line_count = s.line_count,
  total_micros = s.total_micros,
  total = s.total,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  order_id, customer_id, country, placed_at, adjustment, line_count, total_micros, total, event_id, event_time, event_date
) VALUES (
  s.order_id, s.customer_id, s.country, s.placed_at, s.adjustment, s.line_count, s.total_micros, s.total, s.event_id, s.event_time, s.event_date
)
