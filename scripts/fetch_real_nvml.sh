#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches NVIDIA's own libnvidia-ml.so.1 as Debian packages it (non-free) and unpacks it into a
# folder, for the test "NVML without a driver". Installs nothing and leaves this machine's package
# sources alone: a temporary list is made from them at run time. Prints the library's path.
# Usage: fetch_real_nvml.sh FOLDER     Exit: 0 fetched, 77 not to be had here.
set -eu
folder=${1:?usage: fetch_real_nvml.sh FOLDER}

found() {
  for file in "$folder"/root/usr/lib/*/libnvidia-ml.so.1 "$folder"/root/usr/lib/*/nvidia/*/libnvidia-ml.so.1; do
    if [ -e "$file" ]; then
      echo "$file"
      exit 0
    fi
  done
}
unavailable() {
  echo "fetch_real_nvml.sh: $1" >&2
  exit 77
}

found
command -v apt-get >/dev/null && command -v dpkg >/dev/null || unavailable "this is no Debian system"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/parts" "$folder"
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  awk '$3 == "main" { print "deb " $1 " " $2 " non-free" }' >"$work/sources.list"
[ -s "$work/sources.list" ] || unavailable "apt knows no Debian mirror here"

apt() {
  timeout 60 "$@" -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" \
    -o Acquire::Retries=0 -o Acquire::http::Timeout=10 >>"$work/log" 2>&1
}
apt apt-get update || unavailable "the mirror does not answer: $(tail -1 "$work/log")"
(cd "$work" && apt apt-get download libnvidia-ml1) ||
  unavailable "libnvidia-ml1 is not to be had: $(tail -1 "$work/log")"
dpkg -x "$work"/libnvidia-ml1_*.deb "$folder/root"
found
unavailable "the package holds no libnvidia-ml.so.1"
