"""What the scripts of the clients share: the task from stdin, and a line of JSON for each check."""

import datetime
import decimal
import json
import logging
import sys
import warnings

# A refusal is a result here; clients log it with its stack besides.
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

TASK = json.load(sys.stdin)
"""database, workgroup, results, clients_database, clients_data, questions: [{name, sql, rows}]"""


def _say(**line):
    print(json.dumps(line), flush=True)


def _brief(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def works(what, task, expected):
    """The task gives what is expected."""
    try:
        saw = task()
    except Exception as error:
        _say(what=what, ok=False, saw=_brief(error))
        return
    ok = bool(saw == expected)
    _say(what=what, ok=ok, saw="" if ok else f"{saw!r}, not {expected!r}"[:600])


def cannot(what, task, words):
    """The task fails, and the message has these words."""
    try:
        saw = task()
    except Exception as error:
        _say(what=what, ok=words in str(error), refused=True, saw=_brief(error))
        return
    _say(what=what, ok=False, refused=True, saw=f"gave {saw!r}"[:300])


def _same(value, text):
    if text is None or value is None or value != value:
        return text is None and (value is None or value != value)
    if isinstance(value, bool):
        return str(value).lower() == text
    if isinstance(value, (int, float, decimal.Decimal)):
        return decimal.Decimal(str(value)) == decimal.Decimal(text)
    if isinstance(value, datetime.datetime):
        return value == datetime.datetime.fromisoformat(text)
    return str(value) == text


def questions(how, rows_of):
    """Every saved question gives, value for value, the rows that the project's own client reads."""

    def differing():
        found = []
        for question in TASK["questions"]:
            rows = [list(row) for row in rows_of(question["sql"])]
            wanted = question["rows"]
            same = len(rows) == len(wanted) and all(
                len(row) == len(texts) and all(map(_same, row, texts))
                for row, texts in zip(rows, wanted)
            )
            if not same:
                found.append(question["name"])
        return found

    works(f"{how}: the {len(TASK['questions'])} saved questions, every value", differing, [])
