{{ config(
    materialized='incremental',
    table_type='iceberg',
    incremental_strategy='merge',
    unique_key='day',
    partitioned_by=['month(day)'],
    format='parquet'
) }}

select
    date(placed_at) as day,
    count(*) as orders,
    sum(total) as total
from {{ source('lake', 'orders') }}
where placed_at < timestamp '{{ var("until") }}'
{% if is_incremental() %}
  -- The last day was not over when it was counted.
  and date(placed_at) >= (select max(day) from {{ this }})
{% endif %}
group by 1
