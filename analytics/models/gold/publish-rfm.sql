-- One atomic commit for this day: changed rows, new rows, and rows that the candidate no longer has.
MERGE INTO rfm AS t
USING (
  SELECT as_of, customer_id, recency_days, frequency, monetary, r, f, m, false AS stale
  FROM rfm_next
  WHERE as_of = DATE '2011-12-10' /*:as_of*/
  UNION ALL
  SELECT o.as_of, o.customer_id, o.recency_days, o.frequency, o.monetary, o.r, o.f, o.m, true AS stale
  FROM rfm AS o
  LEFT JOIN rfm_next AS n ON n.as_of = o.as_of AND n.customer_id = o.customer_id
  WHERE o.as_of = DATE '2011-12-10' /*:as_of*/ AND n.customer_id IS NULL
) AS s
ON t.as_of = s.as_of AND t.customer_id = s.customer_id
WHEN MATCHED AND s.stale THEN DELETE
WHEN MATCHED AND (
    t.recency_days IS DISTINCT FROM s.recency_days
    OR t.frequency IS DISTINCT FROM s.frequency
    OR t.monetary IS DISTINCT FROM s.monetary
    OR t.r IS DISTINCT FROM s.r
    OR t.f IS DISTINCT FROM s.f
    OR t.m IS DISTINCT FROM s.m
  ) THEN UPDATE SET
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
