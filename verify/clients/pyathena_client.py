"""PyAthena, as its documentation uses it. Nothing says where the endpoint is but the environment."""

import datetime
import decimal

import pandas
from pyathena import connect
from pyathena.arrow.cursor import ArrowCursor
from pyathena.cursor import DictCursor
from pyathena.pandas.cursor import PandasCursor
from pyathena.polars.cursor import PolarsCursor
from pyathena.s3fs.cursor import S3FSCursor

from checks import TASK, cannot, questions, works

connection = connect(work_group=TASK["workgroup"], schema_name=TASK["database"])

TYPES = """SELECT 9007199254740993 AS big, 1.50 AS exact, 1E-1 AS ratio, true AS flag, 'ü' AS name,
  DATE '2011-03-01' AS day, TIMESTAMP '2011-03-01 10:20:30.123' AS at, CAST(NULL AS varchar) AS nothing,
  ARRAY[1, 2] AS list, to_utf8('ab') AS bytes"""
VALUES = (
    9007199254740993,
    decimal.Decimal("1.50"),
    0.1,
    True,
    "ü",
    datetime.date(2011, 3, 1),
    datetime.datetime(2011, 3, 1, 10, 20, 30, 123000),
    None,
    [1, 2],
    b"ab",
)


def rows(sql, *arguments, **options):
    return connection.cursor().execute(sql, *arguments, **options).fetchall()


def frame(sql, **options):
    return connection.cursor(PandasCursor, **options).execute(sql).as_pandas()


def polars_frame(sql):
    return connection.cursor(PolarsCursor).execute(sql).as_polars()


def cancelled():
    cursor = connection.cursor()
    started = []
    cursor.execute("SELECT 1", on_start_query_execution=started.append)
    cursor.cancel()
    return started == [cursor.query_id]


COUNT = "SELECT count(*) FROM customers WHERE customer_id = "
works("Cursor: a value of each type, as Python's", lambda: rows(TYPES), [VALUES])
works(
    "Cursor: names and types in description",
    lambda: [column[:2] for column in connection.cursor().execute("SELECT 1 AS a, 1.5 AS b").description],
    [("a", "integer"), ("b", "decimal")],
)
works("Cursor: 2,500 rows in pages of 1,000", lambda: len(rows("SELECT line_id FROM order_lines LIMIT 2500")), 2500)
works("Cursor: parameters put in by the client (pyformat)", lambda: rows(f"{COUNT}%(id)s", {"id": "17850"}), [(1,)])
works("Cursor: parameters of the API (qmark)", lambda: rows(f"{COUNT}?", ["'17850'"], paramstyle="qmark"), [(1,)])
works("Cursor: result reuse", lambda: rows("SELECT 1", result_reuse_enable=True), [(1,)])
works("Cursor: the query's id before its end, and cancel()", cancelled, True)
works(
    "DictCursor",
    lambda: connection.cursor(DictCursor).execute("SELECT 1 AS a").fetchall(),
    [{"a": 1}],
)
questions("Cursor", rows)
works(
    "S3FSCursor: rows from the CSV file in S3",
    lambda: connection.cursor(S3FSCursor).execute("SELECT 1 AS a, DATE '2011-03-01' AS b").fetchall(),
    [(1, datetime.date(2011, 3, 1))],
)
questions("S3FSCursor", lambda sql: connection.cursor(S3FSCursor).execute(sql).fetchall())
works(
    "PandasCursor: types",
    lambda: [str(kind) for kind in frame("SELECT 1 AS i, 1E0 AS d, true AS b, TIMESTAMP '2011-03-01 10:20:30' AS t").dtypes],
    ["Int64", "float64", "bool", "datetime64[us]"],
)
works(
    "PandasCursor: all rows of order_lines",
    lambda: len(frame("SELECT * FROM order_lines")),
    rows("SELECT count(*) FROM order_lines")[0][0],
)
works(
    "PandasCursor: chunks",
    lambda: sum(len(chunk) for chunk in connection.cursor(PandasCursor).execute("SELECT * FROM orders LIMIT 25", chunksize=10).as_pandas()),
    25,
)
works(
    "PolarsCursor: types",
    lambda: [str(kind) for kind in polars_frame("SELECT 1 AS i, 1E0 AS d, true AS b, DATE '2011-03-01' AS t").dtypes],
    ["Int32", "Float64", "Boolean", "Date"],
)
works(
    "PolarsCursor: all rows of orders, summed by polars",
    lambda: polars_frame("SELECT total FROM orders")["total"].sum(),
    rows("SELECT sum(total) FROM orders")[0][0],
)
works(
    "PolarsCursor: as_arrow()",
    lambda: connection.cursor(PolarsCursor).execute("SELECT 'a' AS a").as_arrow().to_pylist(),
    [{"a": "a"}],
)
works("pandas.read_sql", lambda: pandas.read_sql("SELECT 1 AS a", connection).to_dict("records"), [{"a": 1}])
cannot("An error has Athena's words", lambda: rows("SELECT 1 / 0"), "DIVISION_BY_ZERO: Division by zero")
cannot(
    "SQL that is not implemented is refused by name",
    lambda: rows("SELECT ST_Point(1, 2)"),
    "NOT_IMPLEMENTED_LOCALLY: line 1:",
)
cannot(
    "Another catalogue than AwsDataCatalog",
    lambda: connect(work_group=TASK["workgroup"], catalog_name="other").cursor().execute("SELECT 1"),
    "athena catalog other",
)
cannot(
    "ArrowCursor: pyarrow's S3 client takes no endpoint from the environment, and PyAthena hands none on",
    lambda: connection.cursor(ArrowCursor).execute("SELECT 1").as_arrow(),
    "amazonaws.com",
)
