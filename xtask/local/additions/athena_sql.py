"""Athena's SQL for ministack's Athena, which is DuckDB underneath.

Product code speaks Athena's dialect only. On its way each statement is parsed as Athena SQL, its parameters are put
in, and it is written as DuckDB SQL; UNLOAD and CREATE TABLE AS write Parquet; the bytes of the files opened are the
bytes scanned. Partition pruning is DuckDB's, not Glue's.
"""

import asyncio
import dataclasses
import os
import re
import tempfile

import duckdb
import sqlglot
from sqlglot import exp

from ministack.services import athena

SEAM = "services.athena._start_query_execution, _execute_query, _run_duckdb, _rewrite_data_paths"

_UNLOAD = re.compile(r"(?is)^unload\s*\((?P<select>.*)\)\s*to\s*'s3://(?P<bucket>[^/']+)/(?P<prefix>[^']*)'")
_CREATE_AS = re.compile(
    r"(?is)^create\s+table\s+(?:(?P<database>\w+)\.)?(?P<table>\w+)\s+with\s*\((?P<options>.*?)\)\s*"
    r"as\s+(?P<select>(?:select|with).*)$"
)
_LOCATION = re.compile(r"(?i)external_location\s*=\s*'s3://(?P<bucket>[^/']+)/(?P<prefix>[^']*)'")

# Trino functions that sqlglot passes through unchanged and DuckDB does not know.
_MACROS = (
    "CREATE MACRO from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)",
    "CREATE MACRO from_iso8601_date(s) AS CAST(s AS DATE)",
    "CREATE MACRO at_timezone(t, z) AS timezone(z, t)",
    "CREATE MACRO url_extract_host(u) AS regexp_extract(u, '://([^/:]+)', 1)",
)

_scanned: dict[asyncio.Task, int] = {}


@dataclasses.dataclass
class _Write:
    """A statement that writes its rows to S3: UNLOAD, or CREATE TABLE AS with its table's name."""

    select: str
    bucket: str
    prefix: str
    database: str | None = None
    table: str | None = None


def apply() -> None:
    start, execute, run = athena._start_query_execution, athena._execute_query, athena._run_duckdb
    materialize, connect = athena._materialize_table_files, duckdb.connect

    def started(data):
        if data.get("ExecutionParameters"):
            data = {**data, "QueryString": with_parameters(data["QueryString"], data["ExecutionParameters"])}
        return start(data)

    def counted(location, workdirs):
        files = materialize(location, workdirs)
        task = asyncio.current_task()
        if task is not None:
            _scanned[task] = _scanned.get(task, 0) + sum(os.path.getsize(file) for file in files)
        return files

    async def ran(query, database, catalog=None):
        if write := _write_of(query):
            return await _write_rows(write, database, catalog)
        return await run(as_duckdb(query), database, catalog)

    async def executed(query_id, query, database, ddl, catalog=None):
        await execute(query_id, query, database, ddl, catalog)
        bytes_scanned = _scanned.pop(asyncio.current_task(), 0)
        if execution := athena._executions.get(query_id):
            execution["Statistics"]["DataScannedInBytes"] = bytes_scanned

    def connected(*args, **kwargs):
        connection = connect(*args, **kwargs)
        connection.execute("SET TimeZone = 'UTC'")
        for macro in _MACROS:
            connection.execute(macro)
        return connection

    athena._start_query_execution = started
    athena._materialize_table_files = counted
    athena._run_duckdb = ran
    athena._execute_query = executed
    duckdb.connect = connected


def as_duckdb(query: str) -> str:
    """The statement in DuckDB's dialect; what is not Athena SQL fails here, as it would in Athena."""
    return sqlglot.transpile(query.strip().rstrip(";"), read="athena", write="duckdb")[0]


def with_parameters(query: str, parameters: list[str]) -> str:
    """Puts execution parameters, each an SQL expression, in the place of the question marks, in order."""
    tree = sqlglot.parse_one(query, read="athena")
    # find_all walks breadth first; the order of the text is the order of depth first.
    marks = [node for node in tree.dfs() if isinstance(node, exp.Placeholder)]
    if len(marks) != len(parameters):
        raise ValueError(f"the statement has {len(marks)} parameters, the request {len(parameters)}")
    for mark, parameter in zip(marks, parameters, strict=True):
        mark.replace(sqlglot.parse_one(parameter, read="athena"))
    return tree.sql(dialect="athena")


def _write_of(query: str) -> _Write | None:
    text = query.strip().rstrip(";")
    if found := _UNLOAD.match(text):
        return _Write(found["select"], found["bucket"], found["prefix"])
    if not (found := _CREATE_AS.match(text)):
        return None
    location = _LOCATION.search(found["options"])
    if not location:
        raise ValueError("CREATE TABLE AS needs external_location here")
    return _Write(found["select"], location["bucket"], location["prefix"], found["database"], found["table"])


async def _write_rows(write: _Write, database, catalog) -> dict:
    from ministack.services import s3

    select, _, _ = await athena._rewrite_data_paths(as_duckdb(write.select), database, catalog)
    columns, content = await asyncio.to_thread(_parquet, select)
    key = f"{write.prefix.rstrip('/')}/{athena.new_uuid()}.parquet"
    s3._put_object(write.bucket, key, content, {"content-length": str(len(content))})
    if write.table:
        _register(write, database, columns)
    return {"columns": ["rows"], "rows": [], "column_types": ["bigint"]}


def _parquet(select: str) -> tuple[list[tuple[str, str]], bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.parquet")
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
        with open(path, "rb") as file:
            return [(row[0], row[1]) for row in described], file.read()


def _register(write: _Write, database, columns) -> None:
    from ministack.services import glue

    types = athena._DUCKDB_TYPE_MAP
    glue._create_table({
        "DatabaseName": write.database or database,
        "TableInput": {
            "Name": write.table,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "parquet"},
            "StorageDescriptor": {
                "Columns": [{"Name": name, "Type": types.get(kind.split("(")[0], "string")} for name, kind in columns],
                "Location": f"s3://{write.bucket}/{write.prefix}",
            },
        },
    })


def check() -> None:
    bound = with_parameters("SELECT a FROM t WHERE b = ? AND c IN (?, ?)", ["'x'", "1", "2"])
    assert bound == "SELECT a FROM t WHERE b = 'x' AND c IN (1, 2)", bound
    with duckdb.connect(":memory:") as connection:
        query = (
            "SELECT date_format(from_iso8601_timestamp('2026-11-20T01:02:03Z'), '%Y-%m'), "
            "element_at(map(array['k'], array['v']), 'k')"
        )
        row = connection.execute(as_duckdb(query)).fetchone()
    assert row[0] == "2026-11" and row[1] in ("v", ["v"]), row
    assert _write_of("UNLOAD (SELECT 1) TO 's3://b/p/' WITH (format = 'PARQUET')").prefix == "p/"
    assert hasattr(athena, "_rewrite_data_paths") and hasattr(athena, "_DUCKDB_TYPE_MAP")
