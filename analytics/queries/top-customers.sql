SELECT
  customer_id,
  country,
  orders,
  net_value,
  CAST(last_purchase_at AS date) AS last_purchase_on
FROM customer_360
ORDER BY net_value DESC, customer_id
LIMIT 20
