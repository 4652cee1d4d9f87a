"""The bill by DuckDB: duckdb_peer.py FILE OUT SERVICES.csv THREADS"""

import sys
from pathlib import Path

import duckdb

from columns import COLUMNS, COSTS, DAILY, KEY, REPORT_TAGS, ROWS, TAG_KEYS, TAGS


def quoted(text):
    return "'" + str(text).replace("'", "''") + "'"


def tags_map():
    entries = [f"{{'k': {quoted(key)}, 'v': \"resourceTags/{key}\"}}" for key in REPORT_TAGS]
    return f"map_from_entries(list_filter([{', '.join(entries)}], lambda e: e.v IS NOT NULL))"


def mapping(file, services):
    sql = Path(__file__).with_name("mapping.sql").read_text()
    return (
        sql.replace("$FILE", quoted(file))
        .replace("$SERVICES", quoted(services))
        .replace("$TAGS", tags_map())
    )


def main(file, out, services, threads):
    out = Path(out)
    rows = quoted(out / ROWS)
    db = duckdb.connect()
    db.execute(f"SET threads = {int(threads)}")
    db.execute("SET TimeZone = 'UTC'")
    # Ours keeps no order either: rows are sorted within a row group.
    db.execute("SET preserve_insertion_order = false")
    db.execute(
        f"COPY ({mapping(file, services)} SELECT {', '.join(COLUMNS)} FROM focus) "
        f"TO {rows} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    )
    costs = ", ".join(f"coalesce(sum({cost}), 0)::DECIMAL(38, 18) AS {cost}" for cost in COSTS)
    tags = ", ".join(f"Tags[{quoted(key)}] AS \"{key}\"" for key in TAG_KEYS)
    db.execute(
        "CREATE TEMP TABLE daily AS SELECT (ChargePeriodStart AT TIME ZONE 'UTC')::DATE AS Day, "
        f"{', '.join(KEY)}, {tags}, {costs} FROM read_parquet({rows}) GROUP BY ALL"
    )
    db.execute(f"COPY daily TO {quoted(out / DAILY)} (HEADER)")
    by_tag = " UNION ALL ".join(
        f"SELECT Day, {quoted(key)} AS TagKey, BillingCurrency, \"{key}\" AS TagValue, {costs} "
        "FROM daily GROUP BY ALL"
        for key in TAG_KEYS
    )
    db.execute(f"COPY ({by_tag}) TO {quoted(out / TAGS)} (HEADER)")


if __name__ == "__main__":
    main(*sys.argv[1:])
