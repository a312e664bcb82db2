-- Latest decision per address, customer, channel and purpose. Of several versions of one row the latest by (event_time, event_id) stays, whatever came first.
MERGE INTO consents AS t
USING (
  SELECT consent_key, email_key, customer_id, channel, purpose, granted, origin, event_id, event_time, event_date
  FROM (
    SELECT
      consent_key, email_key, customer_id, channel, purpose, granted, origin, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY consent_key ORDER BY event_time DESC, event_id DESC) AS version
    FROM (
      SELECT
        email_key || ':' || coalesce(customer_id, '') || ':' || channel || ':' || purpose AS consent_key,
        email_key, customer_id, channel, purpose, granted, origin, event_id, event_time, event_date
      FROM (
        SELECT
          to_hex(sha256(to_utf8(lower(trim(json_extract_scalar(data, '$.email')))))) AS email_key,
          json_extract_scalar(data, '$.customerId') AS customer_id,
          json_extract_scalar(data, '$.channel') AS channel,
          json_extract_scalar(data, '$.purpose') AS purpose,
          json_extract_scalar(data, '$.granted') = 'true' AS granted,
          json_extract_scalar(data, '$.origin') AS origin,
          event_id,
          time AS event_time,
          event_date
        FROM raw_events
        WHERE event_type = 'ConsentChanged'
          AND event_date IN ('2010-12-01' /*:event_dates*/)
      ) AS decisions
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.consent_key = s.consent_key
WHEN MATCHED AND (s.event_time > t.event_time OR (s.event_time = t.event_time AND s.event_id > t.event_id)) THEN UPDATE SET
  email_key = s.email_key,
  customer_id = s.customer_id,
  channel = s.channel,
  purpose = s.purpose,
  granted = s.granted,
  origin = s.origin,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  consent_key, email_key, customer_id, channel, purpose, granted, origin, event_id, event_time, event_date
) VALUES (
  s.consent_key, s.email_key, s.customer_id, s.channel, s.purpose, s.granted, s.origin, s.event_id, s.event_time, s.event_date
)
