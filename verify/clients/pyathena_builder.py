"""What PyAthena does with more grants than an analyst has: looking at the catalogue, and UNLOAD."""

from pyathena import connect
from pyathena.pandas.cursor import PandasCursor

from checks import TASK, works

connection = connect(
    work_group=TASK["workgroup"],
    schema_name=TASK["database"],
    s3_staging_dir=f"{TASK['clients_data']}pyathena/",
)
cursor = connection.cursor()
works("list_table_metadata()", lambda: "rfm" in [table.name for table in cursor.list_table_metadata()], True)
works(
    "get_table_metadata()",
    lambda: [column.name for column in cursor.get_table_metadata("rfm").columns][:2],
    ["as_of", "customer_id"],
)
works(
    "list_databases()",
    lambda: TASK["database"] in [database.name for database in cursor.list_databases("AwsDataCatalog")],
    True,
)
works(
    "PandasCursor(unload=True): rows as Parquet",
    lambda: len(connection.cursor(PandasCursor, unload=True).execute("SELECT * FROM orders").as_pandas()),
    cursor.execute("SELECT count(*) FROM orders").fetchone()[0],
)
