#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records the labelled set on a machine with a GPU: each program under `assay run -o`.

    record.py --assay BIN --labelled BIN --out DIR [--only NAME,...] [--seconds S]

Writes DIR/NAME.assay and DIR/log.txt, and prints a table. `make causes-gpu` calls it."""
import argparse
import pathlib
import re
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
LIMIT_S = 60


def command_of(name, row, args, seconds):
    if row["from"] == "torch":
        return ["python3", str(HERE / "programs/torch_programs.py"), name, str(seconds)]
    return [args.labelled, name, str(seconds)]


def recorded(name, row, args, log):
    file = args.out / f"{name}.assay"
    common = [args.assay, "record", "--sim", name] if row["from"] == "sim" else [args.assay, "run"]
    command = ["sleep", "2"] if row["from"] == "sim" else command_of(name, row, args, args.seconds)
    force = [] if row["from"] == "sim" else ["--force"]
    if row["from"] == "sim":
        file.unlink(missing_ok=True)
    began = time.monotonic()
    try:
        done = subprocess.run([*common, *force, "--period", "250ms", "-o", str(file), "--", *command],
                              capture_output=True, text=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return "timeout", LIMIT_S
    log.write(f"=== {name}: {done.returncode}\n{done.stdout}{done.stderr}\n")
    return done.returncode, time.monotonic() - began


def first_cause(file, args):
    """What `assay replay` says first, for the table; the test scores from the recordings."""
    done = subprocess.run([args.assay, "replay", str(file), "--ascii"], capture_output=True, text=True)
    found = re.search(r"why:\s+(.*?) \(", done.stdout)
    return found.group(1) if found else "-"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--assay", required=True)
    parser.add_argument("--labelled", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=3.0)  # a look of the microscope takes one
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    table = tomllib.loads((HERE / "programs.toml").read_text())
    only = [name for name in args.only.split(",") if name]
    names = [name for name in table if not only or name in only]
    failed = 0
    with open(args.out / "log.txt", "a") as log:
        print(f"{'program':<28}{'true cause':<21}{'first answer':<24}{'exit':>5}{'s':>6}", flush=True)
        for name in names:
            code, seconds = recorded(name, table[name], args, log)
            answer = first_cause(args.out / f"{name}.assay", args) if code == 0 else "-"
            print(f"{name:<28}{table[name]['cause']:<21}{answer:<24}{code!s:>5}{seconds:>6.1f}", flush=True)
            failed += code != 0
    print(f"{len(names)} programs, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
