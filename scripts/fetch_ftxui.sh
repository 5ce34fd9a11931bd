#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unpacks the source of FTXUI 5.0.0 into FOLDER/ftxui-5.0.0, for `assay top`. It is Debian trixie's
# source package: bookworm has none, and trixie's libftxui-dev holds shared objects alone, while the
# program links everything but glibc statically. Version and sha256 are pinned; the mirror is this
# machine's own. Installs nothing, and does nothing where the folder is there already.
# Usage: fetch_ftxui.sh FOLDER     Exit: 0 there, 77 not to be had here (one sentence on stderr).
set -eu
folder=${1:?usage: fetch_ftxui.sh FOLDER}
version=5.0.0
suite=trixie
sha256=a2991cb222c944aee14397965d9f6b050245da849d8c5da7c72d112de2786b5b # ftxui_5.0.0.orig.tar.gz
[ ! -f "$folder/ftxui-$version/include/ftxui/dom/elements.hpp" ] || exit 0

unavailable() {
  echo "fetch_ftxui.sh: $1; the build goes on without \`assay top\`" >&2
  exit 77
}
command -v apt-get >/dev/null || unavailable "this is no Debian system"

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d "$folder/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/parts"
# The mirror of the machine's own main archive, not of its updates or its security fixes.
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  awk -v suite="$suite" '$3 == "main" && $2 !~ /-/ { print "deb-src " $1 " " suite " main"; exit }' \
    >"$work/sources.list"
[ -s "$work/sources.list" ] || unavailable "apt knows no Debian mirror here"

apt() {
  timeout 60 apt-get -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" \
    -o Acquire::Retries=1 -o Acquire::http::Timeout=10 "$@" >>"$work/log" 2>&1
}
echo "setup: fetching the source of FTXUI $version for \`assay top\`" >&2
apt update || unavailable "the mirror does not answer: $(tail -1 "$work/log")"
(cd "$work" && apt source --download-only --tar-only ftxui) ||
  unavailable "FTXUI's source is not to be had: $(tail -1 "$work/log")"
tarball="$work/ftxui_$version.orig.tar.gz"
[ -f "$tarball" ] || unavailable "$suite no longer has FTXUI $version"
echo "$sha256  $tarball" | sha256sum --check --status || unavailable "$tarball has another sha256"
tar -xzf "$tarball" -C "$work"
mv "$work/FTXUI-$version" "$folder/ftxui-$version"
