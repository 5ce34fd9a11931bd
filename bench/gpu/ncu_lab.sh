#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What Nsight Compute says of each lab kernel over the same span that assay measures, to lay beside
# assay's own reading:
#   bench/gpu/ncu_lab.sh [build/release/bin/assay-lab-one] > docs/evidence/ncu-lab.csv
# Needs ncu, python3 and access to the counters (RmProfilingAdminOnly=0 or root). The span is a range
# (the lab calls cuProfilerStart and cuProfilerStop around it), so that back-to-back launches and the
# gaps between them are in it; clocks are left as they are.
set -eu

program=${1:-build/release/bin/assay-lab-one}
seconds=${SECONDS_PER_KERNEL:-1}
metrics=sm__cycles_active.avg.pct_of_peak_sustained_elapsed,sm__cycles_elapsed.max
metrics=$metrics,sm__warps_active.avg.pct_of_peak_sustained_elapsed

ncu=$(command -v ncu || true)
for folder in /opt/nvidia/nsight-compute /opt/nvidia/nsight-compute/* /usr/local/cuda/bin; do
  [ -n "$ncu" ] || { [ -x "$folder/ncu" ] && ncu=$folder/ncu; } || true
done
[ -n "$ncu" ] || { echo "ncu_lab.sh: no ncu in PATH or /opt/nvidia/nsight-compute" >&2; exit 1; }
[ -x "$program" ] || { echo "ncu_lab.sh: $program is not built; run cmake --build --preset release" >&2; exit 1; }

raw=$(mktemp)
trap 'rm -f "$raw"' EXIT
echo "id,sm_active_pct,warps_pct,elapsed_cycles"
# h2d-copy is the copy engine's: there is no kernel to profile.
for id in one-thread one-block half-sms all-sms full-spin fp32-fma fp64-fma tensor dram-copy \
  dram-read tiny-kernels divergent; do
  if ! "$ncu" --clock-control none --replay-mode app-range --metrics "$metrics" --csv --page raw \
    --print-units base "$program" "$id" "$seconds" > "$raw"; then
    sed 's/^/ncu_lab.sh: /' "$raw" >&2
    continue
  fi
  python3 - "$id" "$raw" << 'PY'
import csv, sys
kernel, path = sys.argv[1:]
lines = [line for line in open(path, errors="replace") if line.startswith('"')]
rows = [row for row in csv.DictReader(lines) if (row.get("ID") or "").strip().isdigit()]
number = lambda row, name: float(row[name].replace(",", ""))
if not rows:
    sys.exit(f"ncu_lab.sh: ncu profiled no range of {kernel}")
row = rows[-1]
print(kernel, f'{number(row, "sm__cycles_active.avg.pct_of_peak_sustained_elapsed"):.3f}',
      f'{number(row, "sm__warps_active.avg.pct_of_peak_sustained_elapsed"):.3f}',
      f'{number(row, "sm__cycles_elapsed.max"):.0f}', sep=",")
PY
done
