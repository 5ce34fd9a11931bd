#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What `assay top` costs at 1 Hz with eight simulated devices, at 80x24 and 160x48: share of a core (all
# threads, the simulated driver's own work included) and resident memory.
# Usage: top_cost.sh ASSAY [SECONDS]     Exit: 0, or 77 where there is no tmux.
set -eu
assay=${1:?usage: top_cost.sh ASSAY [SECONDS]}
seconds=${2:-60}
command -v tmux >/dev/null || { echo "top_cost.sh: there is no tmux" >&2; exit 77; }
socket=assay-top-cost-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || true' EXIT

# Nanoseconds on a CPU of all threads of a process.
spent() { cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { print sum }'; }

for size in 80x24 160x48; do
  tmux -L "$socket" -f /dev/null new-session -d -s "$size" -x "${size%x*}" -y "${size#*x}" \
    "exec env LC_ALL=C.UTF-8 '$assay' top --sim fleet-8"
  pid=$(tmux -L "$socket" list-panes -t "$size" -F '#{pane_pid}')
  sleep 5
  before=$(spent "$pid")
  sleep "$seconds"
  after=$(spent "$pid")
  rss=$(awk '/^VmRSS/ { print $2 }' /proc/"$pid"/status)
  awk -v size="$size" -v ns=$((after - before)) -v s="$seconds" -v rss="$rss" \
    'BEGIN { printf "%s: %.3f %% of a core, %.1f MiB resident\n", size, ns / s / 1e7, rss / 1024 }'
  tmux -L "$socket" kill-session -t "$size"
done
