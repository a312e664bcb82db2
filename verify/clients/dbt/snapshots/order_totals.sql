{% snapshot order_totals %}

{{ config(
    target_schema=env_var('C360_DBT_SCHEMA'),
    unique_key='day',
    strategy='check',
    check_cols=['orders', 'total'],
    table_type='iceberg',
    format='parquet'
) }}

select day, orders, total from {{ ref('daily_orders') }}

{% endsnapshot %}
