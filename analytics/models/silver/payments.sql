-- Money in and out. Of several versions of one row the latest by (event_time, event_id) stays, whatever came first.
MERGE INTO payments AS t
USING (
  SELECT payment_id, direction, document_id, customer_id, amount_micros, amount, method, booked_at, event_id, event_time, event_date
  FROM (
    SELECT
      payment_id, direction, document_id, customer_id, amount_micros, amount, method, booked_at, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY payment_id ORDER BY event_time DESC, event_id DESC) AS version
    FROM (
      SELECT
        CASE event_type WHEN 'PaymentProcessed' THEN json_extract_scalar(data, '$.paymentId') ELSE json_extract_scalar(data, '$.refundId') END AS payment_id,
        CASE event_type WHEN 'PaymentProcessed' THEN 'payment' ELSE 'refund' END AS direction,
        CASE event_type WHEN 'PaymentProcessed' THEN json_extract_scalar(data, '$.orderId') ELSE json_extract_scalar(data, '$.returnId') END AS document_id,
        json_extract_scalar(data, '$.customerId') AS customer_id,
        CAST(json_extract_scalar(data, '$.amount.micros') AS bigint) AS amount_micros,
        CAST(CAST(CAST(json_extract_scalar(data, '$.amount.micros') AS bigint) AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS amount,
        json_extract_scalar(data, '$.method') AS method,
        CAST(from_iso8601_timestamp(coalesce(json_extract_scalar(data, '$.processedAt'), json_extract_scalar(data, '$.refundedAt'))) AS timestamp) AS booked_at,
        event_id,
        time AS event_time,
        event_date
      FROM raw_events
      WHERE event_type IN ('PaymentProcessed', 'PaymentRefunded')
        AND event_date IN ('2010-12-01' /*:event_dates*/)
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.payment_id = s.payment_id
WHEN MATCHED AND (s.event_time > t.event_time OR (s.event_time = t.event_time AND s.event_id > t.event_id)) THEN UPDATE SET
  direction = s.direction,
  document_id = s.document_id,
  customer_id = s.customer_id,
  amount_micros = s.amount_micros,
  amount = s.amount,
  method = s.method,
  booked_at = s.booked_at,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  payment_id, direction, document_id, customer_id, amount_micros, amount, method, booked_at, event_id, event_time, event_date
) VALUES (
  s.payment_id, s.direction, s.document_id, s.customer_id, s.amount_micros, s.amount, s.method, s.booked_at, s.event_id, s.event_time, s.event_date
)
