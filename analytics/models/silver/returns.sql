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
        CAST(CAST(total_micros AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS total,
        event_id, event_time, event_date
      FROM (
        -- DISTINCT: lines are summed, so a repeated delivery of the event would count twice.
        SELECT DISTINCT
          d.return_id, d.order_id, d.customer_id, d.country, d.requested_at, d.total_micros, l.line_id, l.quantity,
          d.event_id, d.event_time, d.event_date
        FROM (
          SELECT
            json_extract_scalar(data, '$.returnId') AS return_id,
            json_extract_scalar(data, '$.orderId') AS order_id,
            json_extract_scalar(data, '$.customerId') AS customer_id,
            json_extract_scalar(data, '$.country') AS country,
            CAST(from_iso8601_timestamp(json_extract_scalar(data, '$.requestedAt')) AS timestamp) AS requested_at,
            CAST(json_extract_scalar(data, '$.total.micros') AS bigint) AS total_micros,
            json_extract(data, '$.lines') AS lines,
            event_id,
            time AS event_time,
            event_date
          FROM raw_events
          WHERE event_type = 'ReturnRequested'
            AND event_date IN ('2010-12-01' /*:event_dates*/)
        ) AS d
        CROSS JOIN UNNEST(
          CAST(d.lines AS ARRAY(ROW(lineId varchar, quantity bigint)))
        ) AS l (line_id, quantity)
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
