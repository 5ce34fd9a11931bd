#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a shell on its own completion script: in_shell.sh SHELL ASSAY TEST
set -eu
shell=$1 assay=$2 test=$3
command -v "$shell" >/dev/null || { echo "skipped: $shell is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/c" XDG_DATA_HOME="$work/d" TERM=xterm COLUMNS=200
ln -s "$assay" "$work/assay"
PATH=$work:$PATH
"$assay" completion "$shell" >"$work/_assay"
"$assay" manual | sed -n 's/^assay-//p' >"$work/verbs"
cd "$work"
: >saved.assay
case $shell in
  fish) fish --no-config "$test" "$work" ;;
  zsh) zsh -f "$test" "$work" ;;
  *) "$shell" --norc "$test" "$work" ;;
esac
