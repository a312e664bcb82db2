-- The whole population as of one day: customers with a purchase line before it.
-- Monetary is the net of all the customer's lines. Ties in the fifths go by customer id, ascending.
MERGE INTO rfm_next AS t
USING (
  WITH figures AS (
    SELECT
      customer_id,
      CAST(
        date_diff('day', CAST(max(CASE WHEN line_class = 'sale' THEN sold_at END) AS date), DATE '2011-12-10' /*:as_of*/) AS integer
      ) AS recency_days,
      CAST(count(DISTINCT CASE WHEN line_class = 'sale' THEN document_id END) AS integer) AS frequency,
      CAST(sum(value) AS decimal(18, 3)) AS monetary
    FROM order_lines
    WHERE customer_id IS NOT NULL
      AND sold_at < CAST(DATE '2011-12-10' /*:as_of*/ AS timestamp)
    GROUP BY customer_id
    HAVING count_if(line_class = 'sale') > 0
  ),
  scored AS (
    SELECT
      DATE '2011-12-10' /*:as_of*/ AS as_of,
      customer_id,
      recency_days,
      frequency,
      monetary,
      CAST(ntile(5) OVER (ORDER BY recency_days DESC, customer_id) AS integer) AS r,
      CAST(ntile(5) OVER (ORDER BY frequency, customer_id) AS integer) AS f,
      CAST(ntile(5) OVER (ORDER BY monetary, customer_id) AS integer) AS m
    FROM figures
  )
  SELECT as_of, customer_id, recency_days, frequency, monetary, r, f, m, false AS stale
  FROM scored
  UNION ALL
  -- Rows of an earlier candidate that the population no longer has.
  SELECT o.as_of, o.customer_id, o.recency_days, o.frequency, o.monetary, o.r, o.f, o.m, true AS stale
  FROM rfm_next AS o
  LEFT JOIN scored AS n ON n.customer_id = o.customer_id
  WHERE n.customer_id IS NULL
) AS s
ON t.customer_id = s.customer_id
WHEN MATCHED AND s.stale THEN DELETE
WHEN MATCHED AND (
    t.as_of IS DISTINCT FROM s.as_of
    OR t.recency_days IS DISTINCT FROM s.recency_days
    OR t.frequency IS DISTINCT FROM s.frequency
    OR t.monetary IS DISTINCT FROM s.monetary
    OR t.r IS DISTINCT FROM s.r
    OR t.f IS DISTINCT FROM s.f
    OR t.m IS DISTINCT FROM s.m
  ) THEN UPDATE SET
  as_of = s.as_of,
  recency_days = s.recency_days,
  frequency = s.frequency,
  monetary = s.monetary,
  r = s.r,
  f = s.f,
  m = s.m
WHEN NOT MATCHED THEN INSERT (
  as_of, customer_id, recency_days, frequency, monetary, r, f, m
) VALUES (
  s.as_of, s.customer_id, s.recency_days, s.frequency, s.monetary, s.r, s.f, s.m
)
