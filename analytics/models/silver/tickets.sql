-- Requests for help. Of several versions of one row the latest by (event_time, event_id) stays, whatever came first.
MERGE INTO tickets AS t
USING (
  SELECT ticket_id, customer_id, email_key, order_id, channel, opened_at, event_id, event_time, event_date
  FROM (
    SELECT
      ticket_id, customer_id, email_key, order_id, channel, opened_at, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY ticket_id ORDER BY event_time DESC, event_id DESC) AS version
    FROM (
      SELECT
        json_extract_scalar(data, '$.ticketId') AS ticket_id,
        json_extract_scalar(data, '$.customerId') AS customer_id,
        to_hex(sha256(to_utf8(lower(trim(json_extract_scalar(data, '$.email')))))) AS email_key,
        json_extract_scalar(data, '$.orderId') AS order_id,
        json_extract_scalar(data, '$.channel') AS channel,
        CAST(from_iso8601_timestamp(json_extract_scalar(data, '$.openedAt')) AS timestamp) AS opened_at,
        event_id,
        time AS event_time,
        event_date
      FROM raw_events
      WHERE event_type = 'TicketOpened'
        AND event_date IN ('2010-12-01' /*:event_dates*/)
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.ticket_id = s.ticket_id
WHEN MATCHED AND (s.event_time > t.event_time OR (s.event_time = t.event_time AND s.event_id > t.event_id)) THEN UPDATE SET
  customer_id = s.customer_id,
  email_key = s.email_key,
  order_id = s.order_id,
  channel = s.channel,
  opened_at = s.opened_at,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  ticket_id, customer_id, email_key, order_id, channel, opened_at, event_id, event_time, event_date
) VALUES (
  s.ticket_id, s.customer_id, s.email_key, s.order_id, s.channel, s.opened_at, s.event_id, s.event_time, s.event_date
)
