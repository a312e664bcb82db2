-- What happened later to an order, a return or a ticket. Of several versions of one row the latest by (event_time, event_id) stays, whatever came first.
MERGE INTO milestones AS t
USING (
  SELECT subject_id, milestone, reached_at, event_id, event_time, event_date
  FROM (
    SELECT
      subject_id, milestone, reached_at, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY subject_id, milestone ORDER BY event_time DESC, event_id DESC) AS version
    FROM (
      SELECT
        coalesce(json_extract_scalar(data, '$.orderId'), json_extract_scalar(data, '$.returnId'), json_extract_scalar(data, '$.ticketId')) AS subject_id,
        CASE event_type
          WHEN 'OrderFulfilled' THEN 'order-fulfilled'
          WHEN 'ReturnReceived' THEN 'return-received'
          ELSE 'ticket-resolved'
        END AS milestone,
        CAST(from_iso8601_timestamp(coalesce(json_extract_scalar(data, '$.fulfilledAt'), json_extract_scalar(data, '$.receivedAt'), json_extract_scalar(data, '$.resolvedAt'))) AS timestamp) AS reached_at,
        event_id,
        time AS event_time,
        event_date
      FROM raw_events
      WHERE event_type IN ('OrderFulfilled', 'ReturnReceived', 'TicketResolved')
        AND event_date IN ('2010-12-01' /*:event_dates*/)
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.subject_id = s.subject_id AND t.milestone = s.milestone
WHEN MATCHED AND (s.event_time > t.event_time OR (s.event_time = t.event_time AND s.event_id > t.event_id)) THEN UPDATE SET
  reached_at = s.reached_at,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  subject_id, milestone, reached_at, event_id, event_time, event_date
) VALUES (
  s.subject_id, s.milestone, s.reached_at, s.event_id, s.event_time, s.event_date
)
