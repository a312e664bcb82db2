SELECT
  count(*) AS customers,
  count_if(orders >= 2) AS repeat_customers,
  CAST(count_if(orders >= 2) AS double) / count(*) AS share
FROM customer_360
WHERE orders > 0
