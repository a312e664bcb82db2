{{ config(
    materialized='incremental',
    table_type='hive',
    incremental_strategy='insert_overwrite',
    partitioned_by=['day'],
    format='parquet'
) }}

select order_id, total, cast(date(placed_at) as varchar) as day
from {{ source('lake', 'orders') }}
where placed_at < timestamp '{{ var("until") }}'
{% if is_incremental() %}
  and cast(date(placed_at) as varchar) >= (select max(day) from {{ this }})
{% endif %}
