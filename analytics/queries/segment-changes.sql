SELECT
  as_of,
  segment,
  count_if(change = 'entered') AS entered,
  count_if(change = 'stayed') AS stayed,
  count_if(change = 'left') AS left_it
FROM segment_members
GROUP BY as_of, segment
ORDER BY as_of, segment
