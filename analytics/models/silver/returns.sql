-- Returns as requested. Of several versions of one row the latest by (event_time, event_id) stays, whatever came first.
MERGE INTO returns AS t
USING (
  SELECT return_id, order_id, customer_id, country, requested_at, units, total_micros, total, event_id, event_time, event_date
  FROM (
    SELECT
      return_id, order_id, customer_id, country, requested_at, units, total_micros, total, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY return_id ORDER BY event_time DESC, event_id DESC) AS version
    FROM (
      SELECT
        return_id, order_id, customer_id, country, requested_at,
        sum(quantity) AS units,
        total_micros,
        CAST(CAST(total_micros AS decimal(18, 0)) * 0.000001 AS decimal(18, 3)) AS total,
        event_id, event_time, event_date
      FROM (
        -- DISTINCT: lines are summed, so a repeated delivery of the event would count twice.
        SELECT DISTINCT
          json_extract_scalar(e.data, '$.returnId') AS return_id,
          json_extract_scalar(e.data, '$.orderId') AS order_id,
          json_extract_scalar(e.data, '$.customerId') AS customer_id,
          json_extract_scalar(e.data, '$.country') AS country,
          CAST(from_iso8601_timestamp(json_extract_scalar(e.data, '$.requestedAt')) AS timestamp) AS requested_at,
          CAST(json_extract_scalar(e.data, '$.total.micros') AS bigint) AS total_micros,
          l.line_id,
          l.quantity,
          e.event_id,
          e.time AS event_time,
          e.event_date
        FROM raw_events AS e
        CROSS JOIN UNNEST(
          CAST(json_extract(e.data, '$.lines') AS ARRAY(ROW(lineId varchar, quantity bigint)))
        ) AS l (line_id, quantity)
        WHERE e.event_type = 'ReturnRequested'
          AND e.event_date IN ('2010-12-01' /*:event_dates*/)
      ) AS lines
      GROUP BY
        return_id, order_id, customer_id, country, requested_at, total_micros, event_id, event_time, event_date
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.return_id = s.return_id
WHEN MATCHED AND (s.event_time > t.event_time OR (s.event_time = t.event_time AND s.event_id > t.event_id)) THEN UPDATE SET
  order_id = s.order_id,
  customer_id = s.customer_id,
  country = s.country,
  requested_at = s.requested_at,
  units = s.units,
  total_micros = s.total_micros,
  total = s.total,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  return_id, order_id, customer_id, country, requested_at, units, total_micros, total, event_id, event_time, event_date
) VALUES (
  s.return_id, s.order_id, s.customer_id, s.country, s.requested_at, s.units, s.total_micros, s.total, s.event_id, s.event_time, s.event_date
)
