-- The log from which `customers` takes the latest value of every field. A row never changes.
MERGE INTO profile_changes AS t
USING (
  SELECT customer_id, registered_at, given_name, family_name, email, phone, country, synthetic, event_id, event_time, event_date
  FROM (
    SELECT
      customer_id, registered_at, given_name, family_name, email, phone, country, synthetic, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY event_id ORDER BY event_time) AS delivery
    FROM (
      SELECT
        json_extract_scalar(data, '$.customerId') AS customer_id,
        CAST(from_iso8601_timestamp(json_extract_scalar(data, '$.registeredAt')) AS timestamp) AS registered_at,
        json_extract_scalar(data, '$.givenName') AS given_name,
        json_extract_scalar(data, '$.familyName') AS family_name,
        json_extract_scalar(data, '$.email') AS email,
        json_extract_scalar(data, '$.phone') AS phone,
        json_extract_scalar(data, '$.country') AS country,
        json_extract_scalar(data, '$.synthetic') = 'true' AS synthetic,
        event_id,
        time AS event_time,
        event_date
      FROM raw_events
      WHERE event_type IN ('CustomerRegistered', 'CustomerProfileUpdated')
        AND event_date IN ('2010-12-01' /*:event_dates*/)
    ) AS facts
  ) AS deliveries
  WHERE delivery = 1
) AS s
ON t.event_id = s.event_id
WHEN NOT MATCHED THEN INSERT (
  customer_id, registered_at, given_name, family_name, email, phone, country, synthetic, event_id, event_time, event_date
) VALUES (
  s.customer_id, s.registered_at, s.given_name, s.family_name, s.email, s.phone, s.country, s.synthetic, s.event_id, s.event_time, s.event_date
)
