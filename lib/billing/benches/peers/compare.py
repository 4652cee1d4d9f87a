"""Holds what two programs wrote against each other, both ways: compare.py OURS THEIRS

Prints how many rows only one of them has; ends with 1 when there are any.
"""

import sys
from pathlib import Path

import duckdb

from columns import COLUMNS, COSTS, DAILY, KEY, ROWS, TAG_KEYS, TAGS

def rows(folder):
    return f"SELECT {', '.join(COLUMNS)} FROM read_parquet('{folder / ROWS}')"


def csv(folder, file, keys):
    types = dict.fromkeys(keys, "VARCHAR") | dict.fromkeys(COSTS, "DECIMAL(38, 18)")
    names = ", ".join(f'"{name}"' for name in types)
    return f"SELECT {names} FROM read_csv('{folder / file}', header = true, types = {types})"


def main(ours, theirs):
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    questions = {
        "rows": rows,
        "daily": lambda folder: csv(folder, DAILY, ["Day"] + KEY + TAG_KEYS),
        "tags": lambda folder: csv(folder, TAGS, ["Day", "TagKey", "BillingCurrency", "TagValue"]),
    }
    different = 0
    for what, question in questions.items():
        a, b = question(Path(ours)), question(Path(theirs))
        count = db.execute(f"SELECT count(*) FROM ({a})").fetchone()[0]
        missing = db.execute(f"SELECT count(*) FROM ({a} EXCEPT ALL {b})").fetchone()[0]
        more = db.execute(f"SELECT count(*) FROM ({b} EXCEPT ALL {a})").fetchone()[0]
        print(f"{what}: {count} rows, {missing} only in ours, {more} only in theirs")
        different += missing + more
    return 1 if different or not count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
