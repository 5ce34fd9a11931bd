#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unmodified gpustat, a client of pynvml, on the scenario fleet-8: eight names, what each is doing.
# It is Debian's (contrib), unpacked into a folder; nothing is installed.
# Usage: gpustat_fleet8.sh FOLDER-OF-LIBNVIDIA-ML FOLDER-FOR-GPUSTAT   Exit: 0 good, 1 not, 77 skipped.
set -eu
library=${1:?usage: gpustat_fleet8.sh FOLDER-OF-LIBNVIDIA-ML FOLDER-FOR-GPUSTAT}
folder=${2:?usage: gpustat_fleet8.sh FOLDER-OF-LIBNVIDIA-ML FOLDER-FOR-GPUSTAT}

modules=$(sh "$(dirname "$0")/../../scripts/fetch_gpustat.sh" "$folder") || {
  echo "gpustat_fleet8.sh: skipped: gpustat can't be had" >&2
  exit 77
}
# A second before now the scenario began: each device has a whole sampling window behind it.
epoch=$(awk '{ printf "%.0f", $1 * 1e9 - 1e9 }' /proc/uptime)
table=$(LC_ALL=C.UTF-8 LD_LIBRARY_PATH="$library" ASSAY_SIM_SCENARIO=fleet-8 ASSAY_SIM_EPOCH="$epoch" \
  PYTHONPATH="$modules" /usr/bin/python3 -m gpustat --no-color --show-power --show-codec)

fail() {
  echo "$table"
  echo "gpustat_fleet8.sh: $1"
  exit 1
}
names=$(echo "$table" | grep -c 'NVIDIA H100 80GB HBM3')
[ "$names" -eq 8 ] || fail "$names names instead of 8"
echo "$table" | head -1 | grep -q 'sim$' || fail "the driver's version does not say that it is simulated"
echo "$table" | grep -qE '^\[3\].* 0 %.* [0-9]+ / 700 W \| 72[0-9]{3} / 81559 MB' || fail "device 3 is held and idle"
busy=$(echo "$table" | grep -cE '^\[[0126]\].* (9[0-9]|100) %') || true
[ "$busy" -eq 4 ] || fail "$busy busy devices instead of 4"
powers=$(echo "$table" | grep -oE '[0-9]+ / 700 W' | sort -u | wc -l)
[ "$powers" -ge 5 ] || fail "only $powers different powers"
echo "gpustat shows 8 devices, $powers powers"
