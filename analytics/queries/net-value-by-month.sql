SELECT
  substr(CAST(sold_at AS varchar), 1, 7) AS month,
  CAST(sum(value) AS decimal(18, 3)) AS net_value
FROM order_lines
GROUP BY substr(CAST(sold_at AS varchar), 1, 7)
ORDER BY month
