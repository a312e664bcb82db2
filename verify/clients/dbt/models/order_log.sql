{{ config(
    materialized='incremental',
    table_type='hive',
    incremental_strategy='append',
    format='parquet'
) }}

-- A Hive table's times have milliseconds.
select order_id, cast(placed_at as timestamp(3)) as placed_at, total
from {{ source('lake', 'orders') }}
where placed_at < timestamp '{{ var("until") }}'
{% if is_incremental() %}
  and placed_at > (select max(placed_at) from {{ this }})
{% endif %}
