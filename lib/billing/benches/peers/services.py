"""The kind of each service, as ours found it, for the peers to look up: services.py OURS OUT.csv"""

import sys
from pathlib import Path

import duckdb

from columns import ROWS


def main(ours, out):
    duckdb.execute(
        "COPY (SELECT DISTINCT coalesce(x_ServiceCode, '') AS of_code, "
        "coalesce(x_UsageType, '') AS of_usage_type, ServiceCategory AS service_category, "
        f"ServiceSubcategory AS service_subcategory FROM read_parquet('{Path(ours) / ROWS}')) "
        f"TO '{out}' (HEADER)"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
