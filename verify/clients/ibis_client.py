"""ibis, on a connection of PyAthena whose cursor reads results through boto3: pyarrow's S3 client takes no endpoint."""

import ibis
import pandas
import pyathena
from pyathena.polars.cursor import PolarsCursor

from checks import TASK, cannot, works

PLACE = {"s3_staging_dir": TASK["results"], "work_group": TASK["workgroup"], "schema_name": TASK["database"]}
LAKE = ("awsdatacatalog", TASK["database"])
OWN = ("awsdatacatalog", TASK["clients_database"])

athena = ibis.athena.from_connection(pyathena.connect(cursor_class=PolarsCursor, **PLACE))
orders = athena.table("orders", database=LAKE)
lines = athena.table("order_lines", database=LAKE)


def rows(sql):
    """The same by SQL and another cursor."""
    return pyathena.connect(**PLACE).cursor().execute(sql).fetchall()


def values(expression):
    frame = expression.to_pandas().astype(object)
    return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


def made():
    where = {"database": OWN, "location": f"{TASK['clients_data']}from_ibis/"}
    athena.create_table("from_ibis", orders.select("order_id", "total").order_by("order_id").limit(5), **where)
    table = athena.table("from_ibis", database=OWN)
    found = values(table.order_by("order_id"))
    athena.drop_table("from_ibis", database=OWN)
    return found, "from_ibis" in athena.list_tables(database=OWN)


def iceberg(*columns):
    settings = {"table_type": "ICEBERG", "is_external": False, "location": f"{TASK['clients_data']}ibis_iceberg/"}
    where = {"database": OWN, "location": settings["location"], "properties": settings}
    athena.create_table("ibis_iceberg", orders.select(*columns), **where)
    count = athena.table("ibis_iceberg", database=OWN).count().execute()
    athena.drop_table("ibis_iceberg", database=OWN)
    return count


def viewed():
    athena.create_view("ibis_view", orders.group_by("country").agg(n=orders.count()), database=OWN, overwrite=True)
    found = values(athena.table("ibis_view", database=OWN).order_by("country"))
    athena.drop_view("ibis_view", database=OWN)
    return found


cannot(
    "ibis.athena.connect(): without UNLOAD, PyAthena hands polars its connection as an option, which takes texts only",
    lambda: ibis.athena.connect(cursor_class=PolarsCursor, **PLACE),
    "invalid value for 'connection'",
)
works(
    "current_catalog and current_schema, which it asks for when it connects",
    lambda: rows("SELECT current_catalog, current_schema"),
    [("awsdatacatalog", TASK["database"])],
)
works("list_catalogs()", athena.list_catalogs, ["AwsDataCatalog"])
works("list_databases()", lambda: set(LAKE[1:] + OWN[1:]) <= set(athena.list_databases(catalog="awsdatacatalog")), True)
works(
    "list_tables()",
    lambda: athena.list_tables(database=LAKE),
    sorted(name for (name,) in rows(f"SHOW TABLES IN {TASK['database']}")),
)
works(
    "a table's schema",
    lambda: [(name, str(kind)) for name, kind in orders.schema().items()][3:8],
    [
        ("placed_at", "timestamp"),
        ("adjustment", "string"),
        ("line_count", "int32"),
        ("total_micros", "int64"),
        ("total", "decimal(18, 3)"),
    ],
)
works("count()", lambda: int(orders.count().execute()), rows("SELECT count(*) FROM orders")[0][0])
works(
    "filter, group_by, agg, order_by, limit: to_pandas()",
    lambda: values(
        orders.filter(orders.total > 10.5)
        .group_by(month=ibis._.placed_at.truncate("M"))
        .agg(n=ibis._.count(), total=ibis._.total.sum())
        .order_by("month")
        .limit(3)
    ),
    [
        (pandas.Timestamp(month), n, total)
        for month, n, total in rows(
            "SELECT date_trunc('month', placed_at), count(*), sum(total) FROM orders "
            "WHERE total > DECIMAL '10.5' GROUP BY 1 ORDER BY 1 LIMIT 3"
        )
    ],
)
joined = orders.join(lines, orders.order_id == lines.document_id)
works(
    "join",
    lambda: values(joined.agg(n=joined.count(), quantity=lines.quantity.sum())),
    rows("SELECT count(*), sum(quantity) FROM orders AS o INNER JOIN order_lines AS l ON l.document_id = o.order_id"),
)
numbered = orders.mutate(nth=ibis.row_number().over(group_by=orders.customer_id, order_by=orders.placed_at))
works(
    "a window: row_number().over()",
    lambda: int(numbered.filter(numbered.nth == 0).count().execute()),
    rows("SELECT count(DISTINCT coalesce(customer_id, '')) FROM orders")[0][0],
)
works(
    "ifelse and value_counts",
    lambda: values(orders.mutate(size=(orders.total > 100).ifelse("big", "small")).size.value_counts().order_by("size")),
    rows("SELECT IF(total > 100, 'big', 'small'), count(*) FROM orders GROUP BY 1 ORDER BY 1"),
)
works("nunique()", lambda: int(orders.customer_id.nunique().execute()), rows("SELECT count(DISTINCT customer_id) FROM orders")[0][0])
TEXTS = ibis.literal("Größe 12")
works(
    "texts: upper, length, substr, re_search, contains",
    lambda: values(
        orders.select(
            a=TEXTS.upper(), b=TEXTS.length(), c=TEXTS.substr(0, 5), d=TEXTS.re_search("[0-9]+"), e=TEXTS.contains("12")
        ).limit(1)
    ),
    [("GRÖßE 12", 8, "Größe", True, True)],
)
works(
    "dates: year, month, date, strftime",
    lambda: values(
        orders.filter(orders.order_id == "536365").select(
            a=orders.placed_at.year(), b=orders.placed_at.month(), c=orders.placed_at.strftime("%Y-%m")
        )
    ),
    [(2010, 12, "2010-12")],
)
works("to_pyarrow()", lambda: orders.order_by("order_id").limit(2).order_id.to_pyarrow().to_pylist(), ["536365", "536366"])
works("to_polars()", lambda: orders.limit(3).to_polars().shape[0], 3)
works(
    "create_table() from an expression, drop_table()",
    made,
    ([tuple(row) for row in rows("SELECT order_id, total FROM orders ORDER BY 1 LIMIT 5")], False),
)
works("create_table(): an Iceberg table", lambda: int(iceberg("order_id", "total")), rows("SELECT count(*) FROM orders")[0][0])
cannot(
    "create_table(): an Iceberg table of times, which ibis casts to timestamp(3)",
    lambda: iceberg("placed_at"),
    "Timestamp precision (3) not supported for Iceberg",
)
works("create_view(), drop_view()", viewed, rows("SELECT country, count(*) FROM orders GROUP BY 1 ORDER BY 1"))
cannot(
    "quantile(): ibis has no words for it on Athena",
    lambda: orders.total.cast("float64").quantile(0.5).execute(),
    "'Quantile' operation is not defined",
)
cannot("An error has Athena's words", lambda: orders.country.cast("int64").sum().execute(), "INVALID_CAST_ARGUMENT: Cannot cast")
