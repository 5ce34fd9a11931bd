#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench-peers.sh ASSAY FOLDER [SECONDS]: CPU and memory of `assay serve` on eight simulated devices at
# 1 Hz, with nobody looking and with one page and one scraper, and of nvtop at 1 Hz on the same devices
# in the same run. CPU is the scheduler's own count of every thread (/proc/PID/task/*/schedstat).
set -euo pipefail
assay=$(realpath "$1") folder=$2 seconds=${3:-30}
warm_up=20
work=$(mktemp -d)
started=()
cleanup() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  tmux -L "assay-peers-$$" kill-server 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

cpu_ns() { cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f", sum }'; }
rss_mib() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' /proc/"$1"/status; }
# Prints a row: CPU over the seconds, resident memory at their end.
measure() {
  local name=$1 pid=$2 before after
  before=$(cpu_ns "$pid")
  sleep "$seconds"
  after=$(cpu_ns "$pid")
  share=$(awk -v d=$((after - before)) -v s="$seconds" 'BEGIN { printf "%.3f", d / 1e7 / s }')
  printf '%-44s %8s %% of a core %8s MiB\n' "$name" "$share" "$(rss_mib "$pid")"
}

"$assay" serve --sim fleet-8 --listen 127.0.0.1:0 --store "$work/store" >"$work/url" 2>"$work/said" &
daemon=$!
started+=("$daemon")
for _ in $(seq 100); do [ -s "$work/url" ] && break; sleep 0.1; done
url=$(cat "$work/url")
sleep "$warm_up"
measure "assay serve, nobody looks" "$daemon"
closed=$share

# All that the live page asks for: its files and its past once, then events alone.
losses=loss.not_held,loss.idle_held,loss.empty_sms,loss.stalled,loss.engaged,loss.overwork,loss.useful
losses+=,loss.unattributed
(sleep 5
 for path in "" assay.js assay.css "api/v1/series?metric=$losses&from=-900s&step=10" \
   "api/v1/series?metric=cost.lost_usd_per_hour&from=-900s&step=10" \
   "api/v1/series?metric=cost.lost_usd_per_hour&from=-86400s&to=-900s&step=300"; do
   curl -sf --compressed "$url$path" >/dev/null || echo "bench-peers: no answer at /$path" >&2
 done
 exec curl -sN "${url}api/v1/events" >/dev/null) &
started+=($!)
(while sleep 5; do curl -s "${url}metrics" >/dev/null; done) &
started+=($!)
measure "assay serve, a page and a scraper (each 5 s)" "$daemon"
kill "$daemon"

nvtop=$(command -v nvtop || echo "$folder/root/usr/bin/nvtop")
if ! [ -x "$nvtop" ] && ! sh "$(dirname "$0")/fetch_nvtop.sh" "$folder" || ! command -v tmux >/dev/null; then
  echo "nvtop: left out, it or tmux is not to be had here"
  exit 0
fi
tmux -L "assay-peers-$$" new-session -d -x 160 -y 48 \
  "$assay sim fleet-8 -- $nvtop -d 10 2>$work/nvtop.err"
for _ in $(seq 100); do peer=$(pgrep -f "^$nvtop -d 10" | head -1) && break; sleep 0.1; done
sleep 5
measure "nvtop, the same devices" "$peer"
awk -v a="$closed" -v b="$share" 'BEGIN { printf "assay serve takes %.3f of nvtop'\''s CPU\n", a / b }'
