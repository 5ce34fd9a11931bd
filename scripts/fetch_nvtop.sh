#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches nvtop as Debian packages it (contrib in bookworm, main later) and unpacks it into a folder,
# for the test of the simulated library. Installs nothing and leaves this machine's package sources
# alone: a temporary list is made from them at run time. Prints the program's path.
# Usage: fetch_nvtop.sh FOLDER     Exit: 0 fetched, 77 not to be had here.
set -eu
folder=${1:?usage: fetch_nvtop.sh FOLDER}
program=$folder/root/usr/bin/nvtop

runs() { ! ldd "$program" 2>/dev/null | grep -q 'not found'; }
unavailable() {
  echo "fetch_nvtop.sh: $1" >&2
  exit 77
}

if [ ! -x "$program" ]; then
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || unavailable "this is no Debian system"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/parts" "$folder"
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk '$3 == "main" { print "deb " $1 " " $2 " main contrib" }' >"$work/sources.list"
  [ -s "$work/sources.list" ] || unavailable "apt knows no Debian mirror here"

  apt() {
    timeout 60 "$@" -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts="$work/parts" \
      -o Dir::State::lists="$work/lists" -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" \
      -o Acquire::Retries=0 -o Acquire::http::Timeout=10 >>"$work/log" 2>&1
  }
  apt apt-get update || unavailable "the mirror does not answer: $(tail -1 "$work/log")"
  (cd "$work" && apt apt-get download nvtop) || unavailable "nvtop is not to be had: $(tail -1 "$work/log")"
  dpkg -x "$work"/nvtop_*.deb "$folder/root"
fi
[ -x "$program" ] || unavailable "the package holds no nvtop"
runs || unavailable "nvtop lacks libraries here: $(ldd "$program" | grep 'not found' | tr -s '\t\n' ' ')"
echo "$program"
