-- Addresses never to be written to again. The first reason stays: nothing later lifts it.
MERGE INTO suppressions AS t
USING (
  SELECT email_key, reason, event_id, event_time, event_date
  FROM (
    SELECT
      email_key, reason, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY email_key ORDER BY event_time ASC, event_id ASC) AS version
    FROM (
      SELECT
        to_hex(sha256(to_utf8(lower(trim(json_extract_scalar(data, '$.email')))))) AS email_key,
        CASE event_type WHEN 'EmailComplained' THEN 'complaint' ELSE 'bounce' END AS reason,
        event_id,
        time AS event_time,
        event_date
      FROM raw_events
      WHERE event_type IN ('EmailBounced', 'EmailComplained')
        AND event_date IN ('2010-12-01' /*:event_dates*/)
        AND (event_type = 'EmailComplained' OR json_extract_scalar(data, '$.bounceType') = 'Permanent')
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.email_key = s.email_key
WHEN MATCHED AND (s.event_time < t.event_time OR (s.event_time = t.event_time AND s.event_id < t.event_id)) THEN UPDATE SET
  reason = s.reason,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  email_key, reason, event_id, event_time, event_date
) VALUES (
  s.email_key, s.reason, s.event_id, s.event_time, s.event_date
)
