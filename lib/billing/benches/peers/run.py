"""Measures the transform beside its peers: called by `cargo xtask bench billing`.

Every program runs once per round, one after the other, so that whatever else the machine does meets
all alike. CPU seconds (user + system), wall seconds and peak resident memory are the kernel's, of each
process alone. On one core means that the kernel gives the process no other one: ours then inflates and
encodes in the thread that reads, and starts others where it has two. Prints Markdown: medians, ratios,
targets of DESIGN section 10.
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
CORES = os.sched_getaffinity(0)
OURS = "ours, 1 core(s)"


class Program:
    def __init__(self, name, command, cores=1, environment=None):
        self.name, self.command = name, [str(word) for word in command]
        self.cores = sorted(CORES)[-cores:]
        self.environment = os.environ | (environment or {})
        self.runs = []

    def run(self, log):
        """One run: CPU seconds, wall seconds, peak memory in MB."""
        with open(log, "w") as output:
            start = time.perf_counter()
            to_log = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)]
            os.sched_setaffinity(0, self.cores)
            pid = os.posix_spawn(self.command[0], self.command, self.environment, file_actions=to_log)
            os.sched_setaffinity(0, CORES)
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

    def ours(self, name, file, *options, cores=1):
        tags = [word for key in TAG_KEYS for word in ("--tag", key)]
        return Program(name, [self.asked.ours, file, self.folder(name), *tags, *options], cores)

    def peer(self, name, script, *more, cores=1, environment=None):
        words = [sys.executable, HERE / script, self.asked.file, self.folder(name), self.out / "services.csv"]
        return Program(name, [*words, *more], cores, environment)

    def script(self, script, *words):
        """What a script says; it fails where what it compares differs."""
        command = [sys.executable, HERE / script, *map(str, words)]
        ended = subprocess.run(command, text=True, stdout=subprocess.PIPE)
        if ended.returncode != 0:
            raise SystemExit(f"{script} {' '.join(map(str, words))}\n{ended.stdout}")
        return ended.stdout.strip()

    def programs(self):
        file = self.asked.file
        yield Program("inflate, ISA-L", [sys.executable, HERE / "inflate.py", file])
        yield self.ours("inflate, ours", file, "--stop-after", "inflate")
        yield self.ours("inflate and map, ours", file, "--stop-after", "map")
        for cores in (1, 2):
            yield self.ours(f"ours, {cores} core(s)", file, cores=cores)
        for cores in (1, 2):
            yield self.peer(f"DuckDB, {cores} core(s)", "duckdb_peer.py", cores, cores=cores)
        for cores in (1, 2):
            limit = {"POLARS_MAX_THREADS": str(cores)}
            yield self.peer(f"polars, {cores} core(s)", "polars_peer.py", cores=cores, environment=limit)
        yield self.peer("pandas, chunks", "pandas_peer.py")
        if self.asked.focus_converter:
            options = "convert --provider aws-cur --data-format csv --no-export-include-source-columns".split()
            paths = ["--data-path", file, "--export-path", self.folder("focus-converter")]
            yield Program("focus-converter", [self.asked.focus_converter, *options, *paths])

    def run(self):
        # Ours tells the peers which service belongs where.
        self.ours(OURS, self.asked.file).run(self.log)
        report = json.loads(self.log.read_text())["report"]
        self.script("services.py", self.out / OURS, self.out / "services.csv")
        programs = {program.name: program for program in self.programs()}
        for _ in range(self.asked.rounds):
            for program in programs.values():
                program.run(self.log)
        self.check(programs)
        self.print(programs, report)
        if self.asked.large:
            self.large()

    def check(self, programs):
        print("Held against ours by `EXCEPT ALL`, both ways:\n")
        for name in programs:
            if name != OURS and name.split(",")[0] in ("ours", "DuckDB", "polars", "pandas"):
                said = self.script("compare.py", self.out / OURS, self.out / name)
                print(f"- {name}: {said.replace(chr(10), '; ')}")

    def print(self, programs, report):
        size = os.path.getsize(self.asked.file) / MB
        print(
            f"\n{report['rows_read']} rows of 195 columns, {size:.0f} MB csv.gz -> {report['rows_written']} rows of "
            f"{len(COLUMNS)} columns; {self.asked.rounds} rounds\n"
        )
        print("| program | CPU s | wall s | peak MB | CPU / ours |")
        print("|---|---:|---:|---:|---:|")
        ours = programs[OURS]
        for program in programs.values():
            ratio = program.cpu() / ours.cpu()
            print(f"| {program.name} | {program.cpu():.2f} | {program.wall():.2f} | {program.memory():.0f} | {ratio:.2f} |")
        self.print_ratios(programs)

    def print_ratios(self, programs):
        ours = programs[OURS]
        at_two = programs["ours, 2 core(s)"]
        rows = [
            ("DuckDB / ours, 1 core, CPU", programs["DuckDB, 1 core(s)"].cpu() / ours.cpu(), ">=", 3),
            ("DuckDB / ours, 2 cores, wall", programs["DuckDB, 2 core(s)"].wall() / at_two.wall(), ">=", 3),
            ("polars / ours, 1 core, CPU", programs["polars, 1 core(s)"].cpu() / ours.cpu(), ">=", 3),
            ("polars / ours, 2 cores, wall", programs["polars, 2 core(s)"].wall() / at_two.wall(), ">=", 3),
            ("pandas / ours, CPU", programs["pandas, chunks"].cpu() / ours.cpu(), ">=", 30),
            ("ours / inflate by ISA-L, CPU", ours.cpu() / programs["inflate, ISA-L"].cpu(), "<=", 4),
            ("peak MB, 1 core", ours.memory(), "<=", 192),
            ("peak MB, 2 cores (pipelined)", at_two.memory(), "<=", 256),
        ]
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
        for file, cores in [(file, cores) for cores in (1, 2) for file in (self.asked.file, self.asked.large)]:
            name = f"ours, {cores} core(s)"
            program = self.ours(name, file, cores=cores)
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
    parser.add_argument("--focus-converter", help="its program, to be timed too")
    return parser.parse_args()


if __name__ == "__main__":
    Bench(asked()).run()
