"""What SQLAlchemy does with more grants than an analyst has: inspecting the catalogue, and making tables."""

import datetime
import decimal

import pandas
from sqlalchemy import Column, Date, Double, Integer, MetaData, Numeric, Table, func, inspect, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from checks import TASK, cannot, works
from sqlalchemy_engine import engine

athena = engine()
ICEBERG = {"tblproperties": "'table_type'='ICEBERG'", "location": f"{TASK['clients_data']}sqlalchemy/"}
own = engine(database=TASK["clients_database"], **ICEBERG)


def rows(statement, using=athena):
    with using.connect() as connection:
        asked = text(statement) if isinstance(statement, str) else statement
        return [tuple(row) for row in connection.execute(asked)]


def reflected(name):
    return Table(name, MetaData(), autoload_with=athena)


def joined():
    orders, lines = reflected("orders"), reflected("order_lines")
    join = orders.join(lines, orders.c.order_id == lines.c.document_id)
    return rows(select(func.count(), func.sum(lines.c.quantity)).select_from(join))


def mapped():
    class Base(DeclarativeBase):
        pass

    class Order(Base):
        __tablename__ = "orders"
        order_id: Mapped[str] = mapped_column(primary_key=True)
        country: Mapped[str]

    with Session(athena) as session:
        return [order.order_id for order in session.scalars(select(Order).order_by(Order.order_id).limit(3))]


def own_table():
    table = Table(
        "by_sqlalchemy",
        MetaData(),
        Column("id", Integer),
        Column("day", Date, awsathena_partition=True, awsathena_partition_transform="month"),
        Column("price", Numeric(10, 2)),
        awsathena_location=f"{TASK['clients_data']}by_sqlalchemy/",
        awsathena_tblproperties={"table_type": "ICEBERG"},
    )
    table.metadata.drop_all(own)
    table.metadata.create_all(own)
    with own.connect() as connection:
        connection.execute(
            table.insert(),
            [
                {"id": 1, "day": datetime.date(2011, 3, 1), "price": decimal.Decimal("1.50")},
                {"id": 2, "day": None, "price": None},
            ],
        )
        connection.execute(table.update().where(table.c.id == 2).values(price=decimal.Decimal("2.5")))
        connection.execute(table.delete().where(table.c.id == 1))
    left = rows(select(table), own)
    table.metadata.drop_all(own)
    return left, inspect(own).has_table("by_sqlalchemy")


FRAME = pandas.DataFrame(
    {
        "id": [1, 2],
        "name": ["ü", None],
        "share": [0.5, 0.25],
        "at": [datetime.datetime(2011, 3, 1, 10, 20, 30)] * 2,
        "flag": [True, False],
    }
)
ROWS = [
    (1, "ü", 0.5, datetime.datetime(2011, 3, 1, 10, 20, 30), True),
    (2, None, 0.25, datetime.datetime(2011, 3, 1, 10, 20, 30), False),
]


def to_sql(name, using, **options):
    FRAME.to_sql(name, using, index=False, if_exists="replace", method="multi", **options)
    return rows(f"SELECT * FROM {name} ORDER BY id", using)


def appended():
    FRAME.to_sql("from_sqlalchemy", own, index=False, if_exists="append", dtype={"share": Double()})
    return rows("SELECT id FROM from_sqlalchemy ORDER BY id", own)


def viewed():
    with own.connect() as connection:
        connection.execute(text("CREATE OR REPLACE VIEW by_view AS SELECT 1 AS one, CAST('x' AS varchar) AS two"))
    inspector = inspect(own)
    columns = [(column["name"], str(column["type"])) for column in inspector.get_columns("by_view")]
    return inspector.get_view_names(), "by_view" in inspector.get_table_names(), columns


inspector = inspect(athena)
works(
    "inspect(): schemas",
    lambda: {TASK["database"], TASK["clients_database"]} <= set(inspector.get_schema_names()),
    True,
)
works(
    "inspect(): tables",
    lambda: inspector.get_table_names(),
    sorted(name for (name,) in rows(f"SHOW TABLES IN {TASK['database']}")),
)
works(
    "inspect(): columns",
    lambda: [(column["name"], str(column["type"])) for column in inspector.get_columns("orders")][:8],
    [
        ("order_id", "VARCHAR"),
        ("customer_id", "VARCHAR"),
        ("country", "VARCHAR"),
        ("placed_at", "TIMESTAMP"),
        ("adjustment", "VARCHAR"),
        ("line_count", "INTEGER"),
        ("total_micros", "BIGINT"),
        ("total", "DECIMAL(18, 3)"),
    ],
)
works("inspect(): which tables there are", lambda: [inspector.has_table(name) for name in ("rfm", "no_rfm")], [True, False])
works(
    "inspect(): a table's comment and location",
    lambda: (
        inspector.get_table_comment("rfm")["text"].split(" ")[0],
        inspector.get_table_options("rfm")["awsathena_location"].endswith("/gold/rfm"),
    ),
    ("Recency,", True),
)
works(
    "reflected tables, joined",
    joined,
    rows("SELECT count(*), sum(quantity) FROM orders AS o INNER JOIN order_lines AS l ON l.document_id = o.order_id"),
)
works("Session, mapped classes", mapped, [row[0] for row in rows("SELECT order_id FROM orders ORDER BY 1 LIMIT 3")])
works(
    "create_all(), insert(), update(), delete(), drop_all(): an Iceberg table by months",
    own_table,
    ([(2, None, decimal.Decimal("2.50"))], False),
)
works(
    "pandas.to_sql: a new Iceberg table",
    lambda: to_sql("from_sqlalchemy", own, dtype={"share": Double()}),
    ROWS,
)
works("pandas.to_sql: rows appended one by one", appended, [(1,), (1,), (2,), (2,)])
works(
    "pandas.to_sql: numbers of a frame as it makes them itself, which is REAL",
    lambda: to_sql("reals", own),
    ROWS,
)
works(
    "pandas.to_sql: a Hive table of Parquet",
    lambda: to_sql(
        "by_hive",
        engine(
            database=TASK["clients_database"],
            location=f"{TASK['clients_data']}by_hive/",
            file_format="parquet",
        ),
        dtype={"share": Double()},
    ),
    ROWS,
)
works(
    "inspect(): a view, which is no table, and its columns",
    viewed,
    (["by_view"], False, [("one", "INTEGER"), ("two", "VARCHAR")]),
)
