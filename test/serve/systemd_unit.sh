#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `systemd-analyze verify` must print nothing: it exits with 0 on errors, too.
# Usage: systemd_unit.sh ASSAY FOLDER    Exit: 77 where there is no systemd-analyze.
set -eu
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for unit in "$2"/*.service; do
  # The program need not be installed for that.
  sed "s|/usr/bin/assay|$1|" "$unit" >"$work/$(basename "$unit")"
done
said=$(systemd-analyze verify "$work"/*.service 2>&1) || true
# Of other units on this machine we are no judge.
said=$(printf '%s\n' "$said" | grep assay || true)
[ -z "$said" ] || { echo "$said"; exit 1; }
# The check must be able to fail.
sed 's/^ExecStart=/NoSuchKey=/' "$work/assay.service" >"$work/assay-bad.service"
systemd-analyze verify "$work/assay-bad.service" 2>&1 | grep -q assay-bad || { echo "verify sees nothing"; exit 1; }
