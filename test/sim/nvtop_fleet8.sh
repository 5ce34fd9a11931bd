#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unmodified nvtop 3.0.1 in `assay sim fleet-8 -- nvtop`, in a terminal, for a minute: eight names,
# utilization, power.
# nvtop is Debian's (contrib), unpacked into a folder; nothing is installed.
# Usage: nvtop_fleet8.sh start|check ASSAY FOLDER-FOR-NVTOP   Exit: 0 good, 1 not, 77 skipped.
# `start` leaves it running, so that other tests can run meanwhile; `check` waits until the minute is
# over, looks at the screen and ends it.
set -eu
usage='usage: nvtop_fleet8.sh start|check ASSAY FOLDER-FOR-NVTOP'
step=${1:?$usage}
assay=${2:?$usage}
folder=${3:?$usage}
here=$(dirname "$0")
seconds=60
running=$folder/running  # the socket of its tmux, and when it was started

skip() {
  echo "nvtop_fleet8.sh: skipped: $1" >&2
  exit 77
}
now() { awk '{ printf "%.0f", $1 }' /proc/uptime; }

if [ "$step" = start ]; then
  command -v tmux >/dev/null || skip "there is no tmux"
  nvtop=$(command -v nvtop || sh "$here/../../scripts/fetch_nvtop.sh" "$folder") || skip "nvtop can't be had"
  mkdir -p "$folder"
  if [ -e "$running" ]; then  # of a run that was broken off
    read -r socket since <"$running"
    tmux -L "$socket" kill-server 2>/dev/null || true
  fi
  socket=assay-nvtop-$$
  # Where nobody comes to check, it ends by itself.
  tmux -L "$socket" -f /dev/null new-session -d -x 200 -y 60 \
    "LC_ALL=C.UTF-8 timeout --foreground 3600 '$assay' sim fleet-8 -- '$nvtop'; echo nvtop ended: \$?; sleep 100" </dev/null >/dev/null 2>&1
  echo "$socket $(now)" >"$running"
  exit 0
fi

[ -e "$running" ] || skip "it was not started"
read -r socket since <"$running"
trap 'tmux -L "$socket" kill-server 2>/dev/null || true; rm -f "$running"' EXIT
left=$((since + seconds - $(now)))
[ "$left" -le 0 ] || sleep "$left"
screen=$(tmux -L "$socket" capture-pane -p)

fail() {
  echo "$screen"
  echo "nvtop_fleet8.sh: $1"
  exit 1
}
case $screen in *"nvtop ended"*) fail "nvtop ended by itself" ;; esac
names=$(echo "$screen" | grep -o 'NVIDIA H100 80GB HBM3' | wc -l)
[ "$names" -eq 8 ] || fail "$names names instead of 8"
powers=$(echo "$screen" | grep -oE 'POW +[0-9]+ / 700 W' | sort -u | wc -l)
[ "$powers" -ge 5 ] || fail "only $powers different powers on eight devices that each do something else"
rates=$(echo "$screen" | grep -oE 'GPU\[\|* *[0-9]+%\]' | sort -u | wc -l)
[ "$rates" -ge 4 ] || fail "only $rates different utilizations"
# The devices with two tenants, and the one that is held by a process that does nothing.
echo "$screen" | grep -qE '6003 .* 2 +Compute +4[0-9]%' || fail "the first tenant's share is missing"
echo "$screen" | grep -qE '6005 .* 3 +Compute +0%' || fail "the idle holder is missing"
# Device 7, the last, lives on PCIe: its rate over the link, and its utilization, which nvtop takes
# from its processes.
echo "$screen" | grep -qE 'Device 7 .* RX: [0-9.]+ GiB/s' || fail "device 7 moves nothing over PCIe"
last=$(echo "$screen" | awk '/Device 7 / { at = NR + 2 } NR == at' |
  grep -oE 'GPU\[\|* *[0-9]+%\]' | tail -1 | grep -oE '[0-9]+') || fail "device 7 has no utilization"
[ "$last" -ge 1 ] || fail "device 7 shows $last % utilization"
echo "nvtop, up for $(($(now) - since)) s, shows 8 devices, $powers powers, $rates utilizations"
