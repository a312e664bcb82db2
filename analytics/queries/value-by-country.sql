SELECT
  country,
  count(*) AS lines,
  count(DISTINCT document_id) AS documents,
  CAST(sum(value) AS decimal(18, 3)) AS net_value
FROM order_lines
GROUP BY country
ORDER BY net_value DESC, country
