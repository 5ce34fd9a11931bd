#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unpacks packages as Debian has them into FOLDER/root, for tests that run programs of others.
# Installs nothing and leaves this machine's package sources alone: a temporary list is made from
# them at run time, with the given components beside main. What they depend on is not followed.
# Usage: fetch_debian.sh FOLDER COMPONENTS PACKAGE...     Exit: 0 unpacked, 77 not to be had here.
set -eu
usage="usage: fetch_debian.sh FOLDER COMPONENTS PACKAGE..."
folder=${1:?$usage}
components=${2:?$usage}
shift 2
[ $# -gt 0 ] || { echo "$usage" >&2; exit 2; }

unavailable() {
  echo "fetch_debian.sh: $1" >&2
  exit 77
}
command -v apt-get >/dev/null && command -v dpkg >/dev/null || unavailable "this is no Debian system"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/parts" "$folder"
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  awk -v more="$components" '$3 == "main" { print "deb " $1 " " $2 " main " more }' >"$work/sources.list"
[ -s "$work/sources.list" ] || unavailable "apt knows no Debian mirror here"

apt() {
  timeout 60 "$@" -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" \
    -o Acquire::Retries=0 -o Acquire::http::Timeout=10 >>"$work/log" 2>&1
}
apt apt-get update || unavailable "the mirror does not answer: $(tail -1 "$work/log")"
(cd "$work" && apt apt-get download "$@") || unavailable "$* is not to be had: $(tail -1 "$work/log")"
for package in "$work"/*.deb; do dpkg -x "$package" "$folder/root"; done
