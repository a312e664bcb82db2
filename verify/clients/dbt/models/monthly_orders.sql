{{ config(materialized='table', table_type='iceberg', format='parquet') }}

select
    cast(date_trunc('month', day) as date) as month,
    count(*) as days,
    sum(orders) as orders,
    sum(total) as total
from {{ ref('daily_orders') }}
group by 1
