"""Measures the transform beside its peers: called by `cargo xtask bench billing`.

Every program runs once per round, one after the other, so that whatever else the machine does meets
all alike. CPU seconds (user + system), wall seconds and peak resident memory are the kernel's, of each
process alone. Prints Markdown: medians, ratios, targets of DESIGN section 10.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from columns import COLUMNS, TAG_KEYS

HERE = Path(__file__).parent
MB = 1024 * 1024


class Program:
    def __init__(self, name, command, environment=None):
        self.name, self.command = name, [str(word) for word in command]
        self.environment = os.environ | (environment or {})
        self.runs = []

    def run(self, log):
        """One run: CPU seconds, wall seconds, peak memory in MB."""
        with open(log, "w") as output:
            start = time.perf_counter()
            to_log = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)]
            pid = os.posix_spawn(self.command[0], self.command, self.environment, file_actions=to_log)
            _, status, used = os.wait4(pid, 0)
            wall = time.perf_counter() - start
        if status != 0:
            raise SystemExit(f"{self.name} failed:\n{Path(log).read_text()}")
        self.runs.append((used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024))

    def cpu(self):
        return median(run[0] for run in self.runs)

    def wall(self):
        return median(run[1] for run in self.runs)

    def memory(self):
        return max(run[2] for run in self.runs)


class Bench:
    def __init__(self, asked):
        self.asked = asked
        self.out = Path(asked.out)
        self.log = self.out / "log.txt"

    def folder(self, name):
        folder = self.out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def ours(self, name, file, threads=1, options=()):
        tags = [word for key in TAG_KEYS for word in ("--tag", key)]
        more = ["--threads", threads] if threads > 1 else []
        return Program(name, [self.asked.ours, file, self.folder(name), *tags, *more, *options])

    def peer(self, name, script, *more, environment=None):
        words = [sys.executable, HERE / script, self.asked.file, self.folder(name), self.out / "services.csv"]
        return Program(name, [*words, *more], environment)

    def script(self, script, *words):
        return subprocess.run([sys.executable, HERE / script, *map(str, words)], check=True, text=True, stdout=subprocess.PIPE)

    def programs(self):
        file = self.asked.file
        yield Program("inflate, ISA-L", [sys.executable, HERE / "inflate.py", file])
        yield self.ours("inflate, ours", file, options=["--stop-after", "inflate"])
        yield self.ours("inflate and map, ours", file, options=["--stop-after", "map"])
        yield self.ours("ours", file)
        if self.asked.pipelined:
            yield self.ours("ours, pipelined", file, threads=2)
        for threads in (1, 2):
            yield self.peer(f"DuckDB, {threads} thread(s)", "duckdb_peer.py", threads)
        for threads in (1, 2):
            limit = {"POLARS_MAX_THREADS": str(threads)}
            yield self.peer(f"polars, {threads} thread(s)", "polars_peer.py", environment=limit)
        yield self.peer("pandas, chunks", "pandas_peer.py")
        if self.asked.focus_converter:
            options = "convert --provider aws-cur --data-format csv --no-export-include-source-columns".split()
            paths = ["--data-path", file, "--export-path", self.folder("focus-converter")]
            yield Program("focus-converter", [self.asked.focus_converter, *options, *paths])

    def run(self):
        # Ours tells the peers which service belongs where.
        first = self.ours("ours", self.asked.file)
        first.run(self.log)
        report = json.loads(self.log.read_text())["report"]
        self.script("services.py", self.out / "ours", self.out / "services.csv")
        programs = {program.name: program for program in self.programs()}
        for _ in range(self.asked.rounds):
            for program in programs.values():
                program.run(self.log)
        self.check(programs)
        self.print(programs, report)
        if self.asked.large:
            self.large()

    def check(self, programs):
        print("\nHeld against ours by `EXCEPT ALL`, both ways:\n")
        pipelined = [name for name in programs if name == "ours, pipelined"]
        peers = [name for name in programs if name.split(",")[0] in ("DuckDB", "polars", "pandas")]
        for name in pipelined + peers:
            said = self.script("compare.py", self.out / "ours", self.out / name).stdout
            print(f"- {name}: equal ({said.strip().replace(chr(10), '; ')})")

    def print(self, programs, report):
        size = os.path.getsize(self.asked.file) / MB
        print(
            f"\n{report['rows_read']} rows of 195 columns, {size:.0f} MB csv.gz -> {report['rows_written']} rows of "
            f"{len(COLUMNS)} columns; {self.asked.rounds} rounds\n"
        )
        print("| program | CPU s | wall s | peak MB | CPU / ours |")
        print("|---|---:|---:|---:|---:|")
        ours = programs["ours"]
        for program in programs.values():
            ratio = program.cpu() / ours.cpu()
            print(f"| {program.name} | {program.cpu():.2f} | {program.wall():.2f} | {program.memory():.0f} | {ratio:.2f} |")
        self.print_ratios(programs)

    def print_ratios(self, programs):
        ours = programs["ours"]
        at_two = programs.get("ours, pipelined", ours)
        rows = [
            ("DuckDB / ours, 1 thread, CPU", programs["DuckDB, 1 thread(s)"].cpu() / ours.cpu(), ">=", 3),
            ("DuckDB / ours, 2 cores, wall", programs["DuckDB, 2 thread(s)"].wall() / at_two.wall(), ">=", 3),
            ("polars / ours, 1 thread, CPU", programs["polars, 1 thread(s)"].cpu() / ours.cpu(), ">=", 3),
            ("polars / ours, 2 cores, wall", programs["polars, 2 thread(s)"].wall() / at_two.wall(), ">=", 3),
            ("pandas / ours, CPU", programs["pandas, chunks"].cpu() / ours.cpu(), ">=", 30),
            ("ours / inflate by ISA-L, CPU", ours.cpu() / programs["inflate, ISA-L"].cpu(), "<=", 4),
            ("peak MB, 1 thread", ours.memory(), "<=", 192),
        ]
        if "ours, pipelined" in programs:
            rows.append(("peak MB, pipelined", at_two.memory(), "<=", 256))
        if "focus-converter" in programs:
            ratio = programs["focus-converter"].cpu() / ours.cpu()
            rows.append(("focus-converter / ours, CPU (its own output)", ratio, ">=", 5))
        print("\n| DESIGN section 10 | measured | target | |")
        print("|---|---:|---:|---|")
        for what, value, sign, target in rows:
            met = value >= target if sign == ">=" else value <= target
            print(f"| {what} | {value:.2f} | {sign} {target} | {'met' if met else 'missed'} |")
        inflate, mapped = programs["inflate, ours"].cpu(), programs["inflate and map, ours"].cpu()
        parts = {"inflate": inflate, "scan and map": mapped - inflate, "roll up and write": ours.cpu() - mapped}
        print("\nWhere our time goes: " + ", ".join(f"{name} {part:.2f} s ({part / ours.cpu():.0%})" for name, part in parts.items()))

    def large(self):
        """Memory is flat: the same for a file a hundred times as large."""
        print("\n| input | program | rows | CPU s | wall s | peak MB |")
        print("|---|---|---:|---:|---:|---:|")
        runs = [("ours", self.asked.file, 1), ("ours, large", self.asked.large, 1)]
        if self.asked.pipelined:
            runs += [("ours, pipelined", self.asked.file, 2), ("ours, large, pipelined", self.asked.large, 2)]
        for name, file, threads in runs:
            program = self.ours(name, file, threads)
            program.run(self.log)
            rows = json.loads(self.log.read_text())["report"]["rows_read"]
            size = os.path.getsize(file) / MB
            print(
                f"| {size:.0f} MB | {name} | {rows} | {program.cpu():.1f} | {program.wall():.1f} | {program.memory():.0f} |",
                flush=True,
            )
            shutil.rmtree(self.out / name)


def asked():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", required=True, help="the program `transform`")
    parser.add_argument("--file", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", help="a much larger file, for its memory")
    parser.add_argument("--pipelined", action="store_true")
    parser.add_argument("--focus-converter", help="its program, to be timed too")
    return parser.parse_args()


if __name__ == "__main__":
    Bench(asked()).run()
