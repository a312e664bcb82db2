"""awswrangler, as its documentation uses it. Nothing says where the endpoint is but the environment."""

import datetime

import awswrangler
import pandas

from checks import TASK, cannot, questions, works

PLACE = {"database": TASK["database"], "workgroup": TASK["workgroup"]}
SQL = "SELECT order_id, placed_at, line_count, total FROM orders ORDER BY order_id LIMIT 40"


def read(sql, **options):
    return awswrangler.athena.read_sql_query(sql, **{**PLACE, "ctas_approach": False, **options})


def rows(frame):
    return list(frame.itertuples(index=False, name=None))


def ctas(sql, **options):
    return read(sql, ctas_approach=True, ctas_parameters={"database": TASK["clients_database"]}, **options)


def unload(sql, place):
    return read(sql, unload_approach=True, s3_output=place)


def iceberg():
    frame = pandas.DataFrame({"id": [1, 2], "name": ["a", None], "day": [datetime.date(2011, 3, 1)] * 2})
    place = {"database": TASK["clients_database"], "table": "from_pandas", "workgroup": TASK["workgroup"]}
    folder = f"{TASK['clients_data']}from_pandas"
    awswrangler.athena.to_iceberg(
        frame, table_location=f"{folder}/table/", temp_path=f"{folder}/temp/", keep_files=False, **place
    )
    written = read("SELECT * FROM from_pandas ORDER BY id", database=TASK["clients_database"]).astype(object)
    return rows(written.where(written.notna(), None))


plain = rows(read(SQL))
works("read_sql_query(ctas_approach=False): rows from the CSV file", lambda: len(plain), 40)
questions("read_sql_query(ctas_approach=False)", lambda sql: rows(read(sql).astype(object)))
works(
    "read_sql_query(ctas_approach=True): rows from a temporary table's Parquet",
    lambda: rows(ctas(SQL.replace("placed_at", "CAST(placed_at AS timestamp(3)) AS placed_at"))),
    plain,
)
cannot(
    "read_sql_query(ctas_approach=True) of an Iceberg table's times: the temporary table is a Hive table",
    lambda: ctas(SQL),
    "Incorrect timestamp precision for timestamp(6)",
)
works(
    "the temporary table is gone afterwards",
    lambda: [
        table["Name"]
        for table in awswrangler.catalog.get_tables(database=TASK["clients_database"])
        if table["Name"].startswith("temp_table")
    ],
    [],
)
works("read_sql_query(unload_approach=True): rows from Parquet", lambda: rows(unload(SQL, f"{TASK['results']}unload/awswrangler/")), plain)
cannot(
    "read_sql_query(unload_approach=True) into another bucket than the workgroup's: awswrangler follows no manifest there",
    lambda: unload(SQL, f"{TASK['clients_data']}unload/"),
    "references an unexpected bucket",
)
works("chunksize", lambda: [len(chunk) for chunk in read(SQL, chunksize=25)], [25, 15])
works("dtype_backend='pyarrow'", lambda: str(read("SELECT 1 AS a", dtype_backend="pyarrow")["a"].dtype), "int32[pyarrow]")
works(
    "params, named",
    lambda: rows(read("SELECT count(*) AS n FROM customers WHERE customer_id = :id", params={"id": "17850"})),
    [(1,)],
)
works(
    "params, qmark",
    lambda: rows(
        read("SELECT count(*) AS n FROM customers WHERE customer_id = ?", params=["'17850'"], paramstyle="qmark")
    ),
    [(1,)],
)
works(
    "read_sql_table",
    lambda: len(awswrangler.athena.read_sql_table("orders", ctas_approach=False, **PLACE)),
    rows(read("SELECT count(*) AS n FROM orders"))[0][0],
)
works(
    "describe_table",
    lambda: awswrangler.athena.describe_table("raw_events", **PLACE)["Column Name"].to_list()[:2],
    ["event_id", "type"],
)
works("catalog.databases", lambda: TASK["database"] in awswrangler.catalog.databases()["Database"].to_list(), True)
works(
    "catalog.table",
    lambda: awswrangler.catalog.table(database=TASK["database"], table="rfm")["Column Name"].to_list()[:2],
    ["as_of", "customer_id"],
)
works(
    "athena.to_iceberg: a frame into a new Iceberg table",
    iceberg,
    [(1, "a", datetime.date(2011, 3, 1)), (2, None, datetime.date(2011, 3, 1))],
)
cannot(
    "An error has Athena's words",
    lambda: read("SELECT 1 / 0"),
    "DIVISION_BY_ZERO: Division by zero",
)
