"""SQLAlchemy through PyAthena's dialects, with the tables that an analyst writes down for it."""

import datetime
import decimal

import pandas
from sqlalchemy import DECIMAL, TIMESTAMP, Column, MetaData, String, Table, func, select, text

from checks import cannot, questions, works
from sqlalchemy_engine import engine

athena = engine()
orders = Table(
    "orders",
    MetaData(),
    Column("order_id", String),
    Column("customer_id", String),
    Column("placed_at", TIMESTAMP),
    Column("total", DECIMAL(18, 3)),
)


def rows(statement, *arguments):
    with athena.connect() as connection:
        asked = text(statement) if isinstance(statement, str) else statement
        return [tuple(row) for row in connection.execute(asked, *arguments)]


def frame(kind, sql):
    return pandas.read_sql(text(sql), engine(kind)).to_dict("records")


questions("rest", rows)
month = func.date_trunc("month", orders.c.placed_at).label("month")
works(
    "rest: select(), where(), group_by(), order_by(), limit()",
    lambda: rows(
        select(month, func.count(), func.sum(orders.c.total))
        .where(orders.c.total > decimal.Decimal("10.5"), orders.c.placed_at < datetime.datetime(2011, 1, 1))
        .group_by(month)
        .order_by(month)
        .limit(2)
    ),
    rows(
        "SELECT date_trunc('month', placed_at), count(*), sum(total) FROM orders "
        "WHERE total > DECIMAL '10.5' AND placed_at < TIMESTAMP '2011-01-01 00:00:00' GROUP BY 1 ORDER BY 1 LIMIT 2"
    ),
)
nth = func.row_number().over(partition_by=orders.c.customer_id, order_by=orders.c.placed_at)
numbered = select(orders.c.customer_id, nth.label("nth")).cte("numbered")
works(
    "rest: a window in a common table expression",
    lambda: rows(select(func.count()).select_from(numbered).where(numbered.c.nth == 1)),
    rows("SELECT count(DISTINCT coalesce(customer_id, '')) FROM orders"),
)
works(
    "rest: bound values of each type",
    lambda: rows(
        "SELECT :name AS a, :exact AS b, :day AS c, :nothing AS d, :flag AS e",
        {
            "name": "o'x ü",
            "exact": decimal.Decimal("1.5"),
            "day": datetime.date(2011, 3, 1),
            "nothing": None,
            "flag": True,
        },
    ),
    [("o'x ü", decimal.Decimal("1.5"), datetime.date(2011, 3, 1), None, True)],
)
works(
    "rest: in_() and like()",
    lambda: rows(select(func.count()).where(orders.c.order_id.in_(["536365", "536366"]), orders.c.order_id.like("5%"))),
    rows("SELECT count(*) FROM orders WHERE order_id = '536365' OR order_id = '536366'"),
)
SQL = "SELECT order_id, placed_at, total FROM orders ORDER BY order_id LIMIT 3"
for kind in ("rest", "pandas", "polars", "s3fs"):
    works(
        f"{kind}: pandas.read_sql",
        lambda kind=kind: [(row["order_id"], row["placed_at"], str(row["total"])) for row in frame(kind, SQL)],
        [(order, pandas.Timestamp(at), str(float(total))) for order, at, total in rows(SQL)],
    )
works(
    "rest: pandas.read_sql in chunks",
    lambda: [len(part) for part in pandas.read_sql(text("SELECT * FROM orders LIMIT 25"), athena, chunksize=10)],
    [10, 10, 5],
)
cannot(
    "arrow: pyarrow's S3 client takes no endpoint from the environment, and PyAthena hands none on",
    lambda: frame("arrow", "SELECT 1 AS a"),
    "amazonaws.com",
)
cannot("An error has Athena's words", lambda: rows("SELECT 1 / 0"), "DIVISION_BY_ZERO: Division by zero")
