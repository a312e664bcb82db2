"""PyIceberg as a servant: one JSON command a line on stdin, one JSON answer a line on stdout.

Commands have an "op" and the arguments of the function of that name; the answer is {"ok": ...} or {"error": text}.
Values travel as Athena's results show them (see `parsed`); rows come back as checksums (see `digest`), because an answer
that nobody reads row by row need not be sent row by row.
"""

import datetime
import decimal
import hashlib
import json
import struct
import sys
import uuid
import warnings
import zlib

import pyarrow
import pyiceberg
from pyiceberg import expressions, types
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema, assign_fresh_schema_ids
from pyiceberg.transforms import parse_transform

EPOCH = datetime.date(1970, 1, 1)
MIDNIGHT = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)


def timestamp_text(micros):
    return (MIDNIGHT + micros * MICROSECOND).isoformat(" ", "microseconds")


def scalar_text(kind):
    """From a value as Arrow's `to_pylist` gives it (times as integers, see `plain`) to the text that is compared."""
    match kind:
        case types.BooleanType():
            return lambda value: "true" if value else "false"
        case types.FloatType() | types.DoubleType():
            return lambda value: "NaN" if value != value else struct.pack(">d", value).hex()
        case types.DecimalType():
            return lambda value: format(value, "f")
        case types.DateType():
            return lambda value: (EPOCH + datetime.timedelta(days=value)).isoformat()
        case types.TimestampType():
            return timestamp_text
        case types.TimestamptzType():
            return lambda value: f"{timestamp_text(value)} UTC"
        case types.TimeType():
            return lambda value: timestamp_text(value)[11:]
        case types.BinaryType() | types.FixedType():
            return bytes.hex
        case types.UUIDType():
            return lambda value: str(value if isinstance(value, uuid.UUID) else uuid.UUID(bytes=value))
        case types.StringType():
            return lambda value: value
        case _:
            return str


def nested_text(kind, value):
    """Lists, structs and maps as Athena shows them: `[a, b]`, `{x=1, y=a}`."""
    if value is None:
        return "null"
    match kind:
        case types.ListType():
            return "[" + ", ".join(nested_text(kind.element_type, item) for item in value) + "]"
        case types.StructType():
            return "{" + ", ".join(f"{f.name}={nested_text(f.field_type, value[f.name])}" for f in kind.fields) + "}"
        case types.MapType():
            pairs = (f"{nested_text(kind.key_type, k)}={nested_text(kind.value_type, v)}" for k, v in value)
            return "{" + ", ".join(pairs) + "}"
        case _:
            return scalar_text(kind)(value)


def plain(column, kind):
    """Days and microseconds as integers: Python's own types stop at the year 9999 and know no microsecond before."""
    match kind:
        case types.DateType():
            return column.cast(pyarrow.int32())
        case types.TimestampType() | types.TimestamptzType() | types.TimeType():
            return column.cast(pyarrow.int64())
        case types.UUIDType():
            return column.cast(pyarrow.binary(16))
        case _:
            return column


def texts(column, kind):
    """The texts of a column, None for NULL."""
    if isinstance(kind, types.ListType | types.StructType | types.MapType):
        return [None if value is None else nested_text(kind, value) for value in column.to_pylist()]
    text = scalar_text(kind)
    return [None if value is None else text(value) for value in plain(column, kind).to_pylist()]


def digest(table, schema):
    """Checksums that do not depend on the order of the rows: of whole rows, and of each column to find a difference."""
    fields = list(schema.fields)
    columns = [[cell_bytes(text) for text in texts(table.column(field.name), field.field_type)] for field in fields]
    total = 0
    for row in zip(*columns):
        total += int.from_bytes(hashlib.sha256(b"".join(row)).digest()[:16])
    return {
        "rows": table.num_rows,
        "checksum": format(total % 2**128, "032x"),
        "columns": {f.name: sum(map(zlib.crc32, cells)) % 2**48 for f, cells in zip(fields, columns)},
    }


def cell_bytes(text):
    if text is None:
        return b"\x00"
    encoded = text.encode()
    return b"\x01" + len(encoded).to_bytes(4) + encoded


def parsed(kind, value):
    """A value from the form in which it travels: text as Athena shows it; lists, objects and [key, value] pairs."""
    if value is None:
        return None
    match kind:
        case types.ListType():
            return [parsed(kind.element_type, item) for item in value]
        case types.StructType():
            return {f.name: parsed(f.field_type, value[f.name]) for f in kind.fields}
        case types.MapType():
            return [(parsed(kind.key_type, k), parsed(kind.value_type, v)) for k, v in value]
        case types.BooleanType():
            return value == "true"
        case types.IntegerType() | types.LongType():
            return int(value)
        case types.FloatType() | types.DoubleType():
            return float(value)
        case types.DecimalType():
            return decimal.Decimal(value)
        case types.DateType():
            return datetime.date.fromisoformat(value)
        case types.TimeType():
            return datetime.time.fromisoformat(value)
        case types.TimestampType():
            return datetime.datetime.fromisoformat(value)
        case types.TimestamptzType():
            return datetime.datetime.fromisoformat(value.replace(" UTC", "+00:00"))
        case types.BinaryType() | types.FixedType():
            return bytes.fromhex(value)
        case types.UUIDType():
            return uuid.UUID(value)
        case _:
            return value


def arrow_rows(schema, rows):
    arrow = schema.as_arrow()
    columns = [
        pyarrow.array([storable(parsed(f.field_type, row.get(f.name)), f.field_type) for row in rows], arrow.field(f.name).type)
        for f in schema.fields
    ]
    return pyarrow.Table.from_arrays(columns, schema=arrow)


def storable(value, kind):
    return value.bytes if isinstance(kind, types.UUIDType) and value is not None else value


class Client:
    def __init__(self, properties, database):
        self.catalog = GlueCatalog("verified", **properties)
        self.database = database

    def table(self, name):
        return self.catalog.load_table((self.database, name))

    def read(self, table, snapshot=None):
        loaded = self.table(table)
        scan = loaded.scan(snapshot_id=None if snapshot is None else int(snapshot))
        current = loaded.current_snapshot()
        schema = scan.projection()
        return {
            **digest(scan.to_arrow(), schema),
            "types": {field.name: str(field.field_type) for field in schema.fields},
            "snapshot": None if current is None else str(current.snapshot_id),
        }

    def look_up(self, table, points):
        """Rows found for each (column, value): what partition values and bounds hide is missed here and nowhere else."""
        loaded = self.table(table)
        return [self.found(loaded, column, value) for column, value in points]

    def found(self, table, column, value):
        kind = table.schema().find_field(column).field_type
        if value is None:
            wanted = expressions.IsNull(column)
        elif value == "NaN" and isinstance(kind, types.FloatType | types.DoubleType):
            wanted = expressions.IsNaN(column)
        else:
            wanted = expressions.EqualTo(column, parsed(kind, value))
        return table.scan(row_filter=wanted, selected_fields=("id",)).to_arrow().num_rows

    def create(self, table, location, columns, partitioned_by):
        fields = [types.NestedField(1000 + n, c["name"], kind_of(c["type"]), required=False) for n, c in enumerate(columns)]
        schema = assign_fresh_schema_ids(Schema(*fields))
        spec = PartitionSpec(*(
            PartitionField(schema.find_field(p["column"]).field_id, 1000 + n, parse_transform(p["transform"]), f"p{n}_{p['column']}")
            for n, p in enumerate(partitioned_by)
        ))
        self.catalog.create_table((self.database, table), schema, location, spec)

    def append(self, table, rows):
        loaded = self.table(table)
        loaded.append(arrow_rows(loaded.schema(), rows))

    def delete(self, table, where):
        self.table(table).delete(where)

    def upsert(self, table, rows, key):
        loaded = self.table(table)
        result = loaded.upsert(arrow_rows(loaded.schema(), rows), join_cols=[key])
        return {"updated": result.rows_updated, "inserted": result.rows_inserted}

    def add_column(self, table, name, type):
        with self.table(table).update_schema() as update:
            update.add_column(name, kind_of(type))

    def rename(self, table, to):
        self.catalog.rename_table((self.database, table), (self.database, to))

    def drop(self, table):
        self.catalog.drop_table((self.database, table))


def kind_of(type):
    """A type from the form of Iceberg's table metadata."""
    return types.NestedField.model_validate({"id": 1, "name": "x", "type": type, "required": False}).field_type


def main():
    warnings.filterwarnings("ignore", message="Delete operation did not match any records")
    client = None
    for line in sys.stdin:
        command = json.loads(line)
        try:
            op = command.pop("op")
            if op == "connect":
                client = Client(**command)
                answer = {"pyiceberg": pyiceberg.__version__, "pyarrow": pyarrow.__version__}
            else:
                answer = getattr(client, op)(**command)
            reply = {"ok": answer}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
