import type { Segment } from "./segment.ts";

const asOf = "DATE '2011-12-10' /*:as_of*/";

/**
 * The refresh's statement for one segment: who entered, stayed or left against the refresh before.
 * The refresh before is the latest published `rfm` of an earlier day, also when nobody was in the segment then.
 * @param segment its `sql` becomes a common table expression
 */
export const segmentModel = ({ name, sql }: Segment): string => `MERGE INTO segment_members_next AS t
USING (
  WITH members AS (
    ${sql.replaceAll("\n", "\n    ")}
  ),
  previous AS (
    SELECT customer_id, reason, since
    FROM segment_members
    WHERE segment = '${name}'
      AND change <> 'left'
      AND as_of = (SELECT max(as_of) FROM rfm WHERE as_of < ${asOf})
  ),
  changes AS (
    SELECT
      m.customer_id,
      CASE WHEN p.customer_id IS NULL THEN 'entered' ELSE 'stayed' END AS change,
      m.reason,
      CASE WHEN p.customer_id IS NULL THEN ${asOf} ELSE p.since END AS since
    FROM members AS m
    LEFT JOIN previous AS p ON p.customer_id = m.customer_id
    UNION ALL
    SELECT p.customer_id, 'left' AS change, 'No longer meets the rule; before: ' || p.reason AS reason, p.since
    FROM previous AS p
    LEFT JOIN members AS m ON m.customer_id = p.customer_id
    WHERE m.customer_id IS NULL
  )
  SELECT ${asOf} AS as_of, customer_id, change, reason, since, false AS stale
  FROM changes
  UNION ALL
  -- Rows of an earlier candidate that are neither members nor leavers now.
  SELECT o.as_of, o.customer_id, o.change, o.reason, o.since, true AS stale
  FROM segment_members_next AS o
  LEFT JOIN changes AS n ON n.customer_id = o.customer_id
  WHERE o.segment = '${name}' AND n.customer_id IS NULL
) AS s
ON t.segment = '${name}' AND t.customer_id = s.customer_id
WHEN MATCHED AND s.stale THEN DELETE
WHEN MATCHED AND (
    t.as_of IS DISTINCT FROM s.as_of
    OR t.change IS DISTINCT FROM s.change
    OR t.reason IS DISTINCT FROM s.reason
    OR t.since IS DISTINCT FROM s.since
  ) THEN UPDATE SET
  as_of = s.as_of,
  change = s.change,
  reason = s.reason,
  since = s.since
WHEN NOT MATCHED THEN INSERT (as_of, segment, customer_id, change, reason, since)
VALUES (s.as_of, '${name}', s.customer_id, s.change, s.reason, s.since)
`;
