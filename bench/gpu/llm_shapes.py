#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the pieces of LLM inference cost on this machine's GPU, as a CSV:

    bench/gpu/llm_shapes.py OUT.csv [--seconds 400] [--groups llama,gemm]
    bench/gpu/llm_shapes.py OUT.csv --dry-run      # every group on the CPU with tiny shapes

Needs PyTorch with CUDA, Triton and nvidia-ml-py. Each group runs in a process of its own, so that a
crash costs one group; a point that fails is named on stderr and left out. Changes no setting of the
device. README.md beside this says what each group measures."""
import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time

# The most seconds that each group may take; what one leaves over goes to the next.
GROUPS = {"check": 30, "llama": 90, "gemm": 75, "attention": 35, "qwen_moe": 55, "overhead": 25,
          "copy": 25, "mla": 45, "llama_fp8": 30, "mixtral": 35, "llama_70b_slice": 25, "small": 10,
          "experts": 25}


def worker(group, path, seconds, dry):
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from llm import models, operators
    from llm.clock import Bench
    where = {"check": operators.check, "gemm": operators.gemm, "copy": operators.copy,
             "attention": operators.attention_alone, "overhead": operators.overhead,
             "mla": operators.mla, "experts": operators.experts,
             "small": operators.small, "llama": models.llama,
             "llama_fp8": models.llama_fp8, "llama_70b_slice": models.llama_70b_slice,
             "qwen_moe": models.qwen_moe, "mixtral": models.mixtral}
    import torch
    torch.manual_seed(1)
    with torch.inference_mode():
        bench = Bench(path, seconds, dry)
        bench.group = group
        where[group](bench)


def spawn(group, path, seconds, dry):
    command = [sys.executable, os.path.abspath(__file__), path, "--worker", group, "--seconds",
               str(seconds)] + (["--dry-run"] if dry else [])
    process = subprocess.Popen(command)
    try:
        # Points look at the clock themselves; this stops one that hangs.
        return process.wait(timeout=seconds + 20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "stopped, it ran over its time"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--seconds", type=float, default=400)
    parser.add_argument("--groups", default=",".join(GROUPS))
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--worker", choices=GROUPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(options.worker, options.out, options.seconds, options.dry_run)
        return 0

    from llm.columns import COLUMNS
    failed, spare, end = 0, 0.0, time.monotonic() + options.seconds
    with open(options.out, "w", newline="") as out, tempfile.TemporaryDirectory() as folder:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for group in options.groups.split(","):
            begin = time.monotonic()
            share = min(GROUPS[group] + spare, end - begin)
            if share < 8:
                print(f"no time left for {group}", file=sys.stderr)
                failed = 1
                continue
            path = os.path.join(folder, "rows.csv")
            code = spawn(group, path, share, options.dry_run)
            spent = time.monotonic() - begin
            spare = max(0.0, share - spent)
            rows = list(csv.reader(open(path))) if os.path.exists(path) else []
            writer.writerows(rows)
            out.flush()
            if os.path.exists(path):
                os.remove(path)
            print(f"{group}: {len(rows)} rows, {spent:.1f} s, exit {code}", flush=True)
            failed = failed or int(code != 0)
    return failed


if __name__ == "__main__":
    sys.exit(main())
