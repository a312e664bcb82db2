-- One atomic commit for this day: changed rows, new rows, and rows that the candidate no longer has.
MERGE INTO segment_members AS t
USING (
  SELECT as_of, segment, customer_id, change, reason, since, false AS stale
  FROM segment_members_next
  WHERE as_of = DATE '2011-12-10' /*:as_of*/
  UNION ALL
  SELECT o.as_of, o.segment, o.customer_id, o.change, o.reason, o.since, true AS stale
  FROM segment_members AS o
  LEFT JOIN segment_members_next AS n ON n.as_of = o.as_of AND n.segment = o.segment AND n.customer_id = o.customer_id
  WHERE o.as_of = DATE '2011-12-10' /*:as_of*/ AND n.segment IS NULL
) AS s
ON t.as_of = s.as_of AND t.segment = s.segment AND t.customer_id = s.customer_id
WHEN MATCHED AND s.stale THEN DELETE
WHEN MATCHED AND (
    t.change IS DISTINCT FROM s.change
    OR t.reason IS DISTINCT FROM s.reason
    OR t.since IS DISTINCT FROM s.since
  ) THEN UPDATE SET
  change = s.change,
  reason = s.reason,
  since = s.since
WHEN NOT MATCHED THEN INSERT (
  as_of, segment, customer_id, change, reason, since
) VALUES (
  s.as_of, s.segment, s.customer_id, s.change, s.reason, s.since
)
