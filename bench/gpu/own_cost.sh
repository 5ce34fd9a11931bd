#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What assay itself costs on a machine with a GPU, as a table:
#   bench/gpu/own_cost.sh [build/release/bin] [pairs=5] [seconds=66] [starts=11]
# 1. CPU of 1 Hz recording   2. slowdown of two kernels by 10 Hz recording, in paired runs
# 3. resident memory, NVML's own apart   4. start to first line, window and NVML's init apart
# 66 s of recording are long enough for one round of the sampler's slow calls, which come once a
# minute. Needs python3 and assay-lab-one (cmake --build --preset release). Changes no setting of the
# device.
set -eu

bin=${1:-build/release/bin}
pairs=${2:-5}
seconds=${3:-66}
starts=${4:-11}
for program in assay assay-lab-one; do
  [ -x "$bin/$program" ] || {
    echo "own_cost.sh: $bin/$program is not built; run cmake --build --preset release" >&2
    exit 1
  }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

exec python3 - "$bin" "$pairs" "$work" "$seconds" "$starts" << 'PY'
import json, os, re, signal, statistics, subprocess, sys, time

folder, pairs, work = sys.argv[1], int(sys.argv[2]), sys.argv[3]
recorded, starts = int(sys.argv[4]), int(sys.argv[5])
assay, lab_one = f"{folder}/assay", f"{folder}/assay-lab-one"


def lines(path):
    out = subprocess.run([assay, "replay", path, "--json"], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def one_hertz():
    path = f"{work}/1hz.assay"
    subprocess.run([assay, "record", "-o", path, "--for", f"{recorded}s"], check=True,
                   stderr=subprocess.DEVNULL)
    windows = lines(path)
    first, last = windows[3]["self"], windows[-1]["self"]
    seconds = len(windows) - 4
    share = (last["cpu_seconds"] - first["cpu_seconds"]) / seconds
    print(f"1 Hz recording          {share * 100:.4f} % of a core (limit 0.1 %), {seconds} windows, "
          f"lost {last['lost']}")
    # Slow rounds come with the first window and then 60 s after the start.
    before = windows[min(55, len(windows) - 1)]["self"]
    share = (before["cpu_seconds"] - first["cpu_seconds"]) / (min(55, len(windows) - 1) - 3)
    print(f"  between slow rounds   {share * 100:.4f} %")


def rate(kernel):
    out = subprocess.run([lab_one, kernel, "2"], capture_output=True, text=True, check=True)
    run = json.loads(out.stdout)
    return run["tflops"] if kernel == "fp32-fma" else run["dram_bytes"] / run["seconds"]


def slowdown(kernel):
    ratios = []
    rate(kernel)
    for pair in range(pairs):
        results = {}
        # The order changes with every pair, so that drift (heat) does not look like a cost.
        for watched in ([False, True] if pair % 2 == 0 else [True, False]):
            watcher = None
            if watched:
                watcher = subprocess.Popen(
                    [assay, "record", "-o", f"{work}/10hz-{kernel}-{pair}.assay", "--period", "100ms"],
                    stderr=subprocess.DEVNULL)
                time.sleep(0.5)
            results[watched] = rate(kernel)
            if watcher:
                watcher.send_signal(signal.SIGINT)
                watcher.wait()
        ratios.append(results[True] / results[False])
    loss = (1 - statistics.median(ratios)) * 100
    spread = (max(ratios) - min(ratios)) * 100
    print(f"10 Hz beside {kernel:<10} {loss:+.4f} % slower, median of {pairs} pairs (limit 0.1 %), "
          f"spread {spread:.4f} points")


def memory_and_start():
    late, ours, theirs = [], [], []
    for _ in range(starts):
        begin = time.monotonic()
        out = subprocess.run([assay, "--window", "200ms", "--ascii"], capture_output=True, text=True,
                             check=True).stdout
        wall = (time.monotonic() - begin) * 1e3
        init = float(re.search(r"NVML itself: (\d+) ms", out)[1])
        late.append(wall - 200 - init)
        mib = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}
        total = re.search(r"([\d.]+) (\w+) resident, \d+ samples?", out)
        nvml = re.search(r"NVML itself: \d+ ms to start, ([\d.]+) (\w+) resident", out)
        ours.append(float(total[1]) * mib[total[2]] - float(nvml[1]) * mib[nvml[2]])
        theirs.append(float(nvml[1]) * mib[nvml[2]])
    print(f"resident beside NVML    {statistics.median(ours):.1f} MiB (limit 15), NVML's own "
          f"{statistics.median(theirs):.1f} MiB")
    print(f"start to first line     {statistics.median(late):.1f} ms beyond window and NVML's init "
          f"(limit 20), whole process, median of {starts}")


one_hertz()
slowdown("fp32-fma")
slowdown("dram-copy")
memory_and_start()
PY
