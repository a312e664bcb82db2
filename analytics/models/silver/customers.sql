-- Of every field the latest value known, for the customers whose profile changed on the refreshed days.
MERGE INTO customers AS t
USING (
  SELECT
    customer_id, registered_at, given_name, family_name, email,
    to_hex(sha256(to_utf8(lower(trim(email))))) AS email_key,
    phone, country, synthetic
  FROM (
    SELECT
      customer_id,
      max_by(registered_at, CASE WHEN registered_at IS NOT NULL THEN version END) AS registered_at,
      max_by(given_name, CASE WHEN given_name IS NOT NULL THEN version END) AS given_name,
      max_by(family_name, CASE WHEN family_name IS NOT NULL THEN version END) AS family_name,
      max_by(email, CASE WHEN email IS NOT NULL THEN version END) AS email,
      max_by(phone, CASE WHEN phone IS NOT NULL THEN version END) AS phone,
      max_by(country, CASE WHEN country IS NOT NULL THEN version END) AS country,
      max_by(synthetic, CASE WHEN synthetic IS NOT NULL THEN version END) AS synthetic
    FROM (
      SELECT
        customer_id, registered_at, given_name, family_name, email, phone, country, synthetic,
        CAST(event_time AS varchar) || event_id AS version
      FROM profile_changes
      WHERE customer_id IN (
        SELECT customer_id FROM profile_changes WHERE event_date IN ('2010-12-01' /*:event_dates*/)
      )
    ) AS changes
    GROUP BY customer_id
  ) AS latest
) AS s
ON t.customer_id = s.customer_id
WHEN MATCHED AND (
    t.registered_at IS DISTINCT FROM s.registered_at
    OR t.given_name IS DISTINCT FROM s.given_name
    OR t.family_name IS DISTINCT FROM s.family_name
    OR t.email IS DISTINCT FROM s.email
    OR t.email_key IS DISTINCT FROM s.email_key
    OR t.phone IS DISTINCT FROM s.phone
    OR t.country IS DISTINCT FROM s.country
    OR t.synthetic IS DISTINCT FROM s.synthetic
  ) THEN UPDATE SET
  registered_at = s.registered_at,
  given_name = s.given_name,
  family_name = s.family_name,
  email = s.email,
  email_key = s.email_key,
  phone = s.phone,
  country = s.country,
  synthetic = s.synthetic
WHEN NOT MATCHED THEN INSERT (
  customer_id, registered_at, given_name, family_name, email, email_key, phone, country, synthetic
) VALUES (
  s.customer_id, s.registered_at, s.given_name, s.family_name, s.email, s.email_key, s.phone, s.country, s.synthetic
)
