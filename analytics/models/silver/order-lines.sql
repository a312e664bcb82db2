-- Every line of every document, with the source's signs: a return carries what came back, here it is negative.
-- Of several versions of one row the latest by (event_time, event_id) stays, whatever came first.
MERGE INTO order_lines AS t
USING (
  SELECT line_id, document_id, customer_id, country, line_class, kind, sku, description, quantity, unit_price_micros, unit_price, value_micros, value, sold_at, event_id, event_time, event_date
  FROM (
    SELECT
      line_id, document_id, customer_id, country, line_class, kind, sku, description, quantity, unit_price_micros, unit_price, value_micros, value, sold_at, event_id, event_time, event_date,
      row_number() OVER (PARTITION BY line_id ORDER BY event_time DESC, event_id DESC) AS version
    FROM (
      SELECT
        line_id,
        document_id,
        customer_id,
        country,
        CASE
          WHEN event_type = 'ReturnRequested' THEN 'cancellation'
          WHEN adjustment = 'bad-debt' THEN 'bad-debt'
          WHEN event_type = 'StockAdjusted' THEN 'stock-adjustment'
          WHEN unit_price_micros = 0 THEN 'free'
          ELSE 'sale'
        END AS line_class,
        kind,
        sku,
        description,
        quantity,
        unit_price_micros,
        CAST(CAST(unit_price_micros AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS unit_price,
        quantity * unit_price_micros AS value_micros,
        CAST(CAST(quantity * unit_price_micros AS decimal(18, 0)) * DECIMAL '0.000001' AS decimal(18, 3)) AS value,
        CAST(from_iso8601_timestamp(sold_at) AS timestamp) AS sold_at,
        event_id,
        event_time,
        event_date
      FROM (
        SELECT
          l.line_id,
          d.document_id,
          d.customer_id,
          d.country,
          d.adjustment,
          l.kind,
          l.sku,
          l.description,
          CASE WHEN d.event_type = 'ReturnRequested' THEN -l.quantity ELSE l.quantity END AS quantity,
          l.unit_price.micros AS unit_price_micros,
          l.sold_at,
          d.event_id,
          d.event_time,
          d.event_date,
          d.event_type
        FROM (
          -- What all lines share is read once a document, before it is spread.
          SELECT
            CASE event_type
              WHEN 'ReturnRequested' THEN json_extract_scalar(data, '$.returnId')
              WHEN 'StockAdjusted' THEN json_extract_scalar(data, '$.adjustmentId')
              ELSE json_extract_scalar(data, '$.orderId')
            END AS document_id,
            json_extract_scalar(data, '$.customerId') AS customer_id,
            json_extract_scalar(data, '$.country') AS country,
            json_extract_scalar(data, '$.adjustment') AS adjustment,
            json_extract(data, '$.lines') AS lines,
            event_id,
            time AS event_time,
            event_date,
            event_type
          FROM raw_events
          WHERE event_type IN ('OrderPlaced', 'ReturnRequested', 'StockAdjusted')
            AND event_date IN ('2010-12-01' /*:event_dates*/)
        ) AS d
        CROSS JOIN UNNEST(
          CAST(
            d.lines AS ARRAY(
              ROW(
                lineId varchar,
                sku varchar,
                description varchar,
                kind varchar,
                quantity bigint,
                unitPrice ROW(currency varchar, micros bigint),
                soldAt varchar
              )
            )
          )
        ) AS l (line_id, sku, description, kind, quantity, unit_price, sold_at)
      ) AS lines
    ) AS facts
  ) AS versions
  WHERE version = 1
) AS s
ON t.line_id = s.line_id
WHEN MATCHED AND (s.event_time > t.event_time OR (s.event_time = t.event_time AND s.event_id > t.event_id)) THEN UPDATE SET
  document_id = s.document_id,
  customer_id = s.customer_id,
  country = s.country,
  line_class = s.line_class,
  kind = s.kind,
  sku = s.sku,
  description = s.description,
  quantity = s.quantity,
  unit_price_micros = s.unit_price_micros,
  unit_price = s.unit_price,
  value_micros = s.value_micros,
  value = s.value,
  sold_at = s.sold_at,
  event_id = s.event_id,
  event_time = s.event_time,
  event_date = s.event_date
WHEN NOT MATCHED THEN INSERT (
  line_id, document_id, customer_id, country, line_class, kind, sku, description, quantity, unit_price_micros, unit_price, value_micros, value, sold_at, event_id, event_time, event_date
) VALUES (
  s.line_id, s.document_id, s.customer_id, s.country, s.line_class, s.kind, s.sku, s.description, s.quantity, s.unit_price_micros, s.unit_price, s.value_micros, s.value, s.sold_at, s.event_id, s.event_time, s.event_date
)
