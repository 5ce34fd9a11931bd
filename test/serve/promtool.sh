#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# /metrics of a simulated machine before `promtool check metrics` of Debian's prometheus.
# Usage: promtool.sh ASSAY FOLDER        Exit: 77 where promtool is not to be had.
set -eu
assay=$1 folder=$2
promtool=$(command -v promtool || echo "$folder/root/usr/bin/promtool")
[ -x "$promtool" ] ||
  sh "$(dirname "$0")/../../scripts/fetch_debian.sh" "$folder" main prometheus || exit 77

work=$(mktemp -d)
trap 'kill "$daemon" 2>/dev/null || true; rm -rf "$work"' EXIT
: >"$work/url"
"$assay" serve --sim fleet-8 --listen 127.0.0.1:0 --store "$work/store" --period 200ms --dcgm-names \
  >"$work/url" &
daemon=$!
for _ in $(seq 300); do
  grep -q http "$work/url" && curl -sf "$(cat "$work/url")metrics" >"$work/metrics" && break
  sleep 0.1
done
[ -s "$work/metrics" ] || { echo "no metrics within 30 s"; exit 1; }

# DCGM's own names break two of promtool's rules: camelCase labels, counters without _total.
"$promtool" check metrics <"$work/metrics" >"$work/said" 2>&1 || true
if grep -v '^DCGM_.*\(camelCase\|"_total" suffix\)' "$work/said"; then exit 1; fi
grep -v DCGM_ "$work/metrics" | "$promtool" check metrics
echo "promtool: $(grep -vc '^#' "$work/metrics") series are clean"
