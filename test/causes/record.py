#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records the labelled set on a machine with a GPU: each program under `assay run -o`, then once more
under the microscope.

    record.py --assay BIN --labelled BIN --out DIR [--only NAME,...] [--seconds S]
              [--no-scope | --only-scope]

Writes DIR/NAME.assay, DIR/microscope.json and DIR/log.txt, and prints a table. `make causes-gpu` calls it."""
import argparse
import json
import pathlib
import re
import select
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
LIMIT_S = 60
ON_THE_WAY_S = 0.2  # after "running": the clocks are up
UNDER_THE_MICROSCOPE_S = 2.2  # long enough for it to start and look


def command_of(name, row, args, seconds):
    if row["from"] == "torch":
        return ["python3", str(HERE / "programs/torch_programs.py"), name, str(seconds)]
    return [args.labelled, name, str(seconds)]


def is_worth_a_look(row):
    """The microscope sees nothing of a device that stands still, and PyTorch takes long to start."""
    return row["from"] == "cuda" and row["cause"] != "held-idle"


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


def looked_at(name, row, args, log):
    """Means of the microscope's channels over 200 ms of a second run; None where it could not look."""
    child = subprocess.Popen(command_of(name, row, args, UNDER_THE_MICROSCOPE_S), stdout=subprocess.PIPE, text=True)
    try:
        if not select.select([child.stdout], [], [], LIMIT_S)[0]:
            return None
        child.stdout.readline()
        time.sleep(ON_THE_WAY_S)
        done = subprocess.run([args.assay, "scope", "--json", "--for", "200ms", "--interval", "100us"],
                              capture_output=True, text=True, timeout=LIMIT_S)
        if done.returncode != 0:
            log.write(f"=== {name} scope: {done.stderr}\n")
            return None
        seen = json.loads(done.stdout.splitlines()[-1])
        return {key: seen[key] for key in ("interval_s", "ticks", "lost", "while_active", "mean", "duty")}
    except (subprocess.TimeoutExpired, ValueError) as error:
        log.write(f"=== {name} scope: {error}\n")
        return None
    finally:
        try:
            child.wait(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            child.kill()


def as_lines(seen):
    """JSON, a program a line, five places: what the test reads and a person can compare."""
    rows = json.loads(json.dumps(seen), parse_float=lambda text: round(float(text), 5))
    return "{\n" + ",\n".join(f" {json.dumps(name)}: {json.dumps(rows[name])}" for name in sorted(rows)) + "\n}\n"


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
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--no-scope", action="store_true", help="recordings only")
    parser.add_argument("--only-scope", action="store_true", help="the microscope only")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    table = tomllib.loads((HERE / "programs.toml").read_text())
    only = [name for name in args.only.split(",") if name]
    names = [name for name in table if not only or name in only]
    seen_file = args.out / "microscope.json"
    seen = json.loads(seen_file.read_text()) if seen_file.exists() else {}
    failed = 0
    with open(args.out / "log.txt", "a") as log:
        if not args.only_scope:
            print(f"{'program':<28}{'true cause':<21}{'first answer':<24}{'exit':>5}{'s':>6}", flush=True)
        for name in names if not args.only_scope else []:
            code, seconds = recorded(name, table[name], args, log)
            answer = first_cause(args.out / f"{name}.assay", args) if code == 0 else "-"
            print(f"{name:<28}{table[name]['cause']:<21}{answer:<24}{code!s:>5}{seconds:>6.1f}", flush=True)
            failed += code != 0
        for name in names if not args.no_scope else []:
            if not is_worth_a_look(table[name]):
                continue
            means = looked_at(name, table[name], args, log)
            if means is not None:
                seen[name] = means
            seen_file.write_text(as_lines(seen))
    print(f"{len(names)} programs, {failed} failed; the microscope saw {len(seen)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
