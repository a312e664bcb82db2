"""Engines on PyAthena's dialects. The host's name says the region; where the endpoint is, the environment says."""

import os

from sqlalchemy import URL, create_engine

from checks import TASK


def engine(kind="rest", database=TASK["database"], **query):
    host = f"athena.{os.environ['AWS_REGION']}.amazonaws.com"
    place = {"work_group": TASK["workgroup"], **query}
    return create_engine(URL.create(f"awsathena+{kind}", host=host, database=database, query=place))
