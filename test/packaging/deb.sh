#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The packages: built from this build, lintian finds no error, and what is in them works.
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
for program in cpack dpkg-deb lintian scdoc; do
  command -v "$program" >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$build"
cpack -B "$work" >"$work/log" 2>&1 || { tail -20 "$work/log"; exit 1; }
deb=$(ls "$work"/*.deb)
lintian --fail-on error --allow-root "$deb" || { echo "lintian found errors"; exit 1; }

dpkg-deb -x "$deb" "$work/deb"
tar xzf "$work"/assay-*.tar.gz -C "$work"
tar=$(ls -d "$work"/assay-*/)
failed=0
for root in "$work/deb/usr" "${tar%/}"; do
  "$root/bin/assay" --version | grep -qE '^[0-9]+\.[0-9]+\.[0-9]+\+[0-9a-f]{7}' || {
    echo "$root/bin/assay tells no version with a commit"; failed=1; }
  "$root/bin/assay" replay h100-lab --at one-thread | grep -q RECORDING || failed=1
  [ -s "$root/lib/systemd/system/assay.service" ] || { echo "$root has no systemd unit"; failed=1; }
  for file in man/man1/assay.1.gz man/man1/assay-record.1.gz bash-completion/completions/assay \
    zsh/vendor-completions/_assay fish/vendor_completions.d/assay.fish doc/assay/copyright \
    doc/assay/NOTICE doc/assay/README.md doc/assay/README.zh-CN.md doc/assay/changelog.gz; do
    [ -s "$root/share/$file" ] || { echo "$root/share/$file is missing"; failed=1; }
  done
  verbs=$("$root/bin/assay" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
  [ "$(echo "$verbs" | wc -w)" -gt 12 ] || { echo "--help lists few verbs: $verbs"; failed=1; }
  for verb in $verbs; do
    [ -s "$root/share/man/man1/assay-$verb.1.gz" ] || { echo "no man page of $verb"; failed=1; }
  done
  for file in json.md recording-format.md serve.md metrics.md openapi.json fleet.md; do
    [ -s "$root/share/doc/assay/docs/$file" ] || [ -s "$root/share/doc/assay/docs/$file.gz" ] || {
      echo "$root has no docs/$file"; failed=1; }
  done
  for page in "$here"/../../docs/causes/*.md; do
    [ -s "$root/share/doc/assay/docs/causes/${page##*/}" ] || { echo "$root has no $page"; failed=1; }
  done
  [ -s "$root/share/doc/assay/examples/deploy/grafana/assay.json" ] || {
    echo "$root has no examples"; failed=1; }
done
exit $failed
