#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each verb has a page with prose, and the page names every option that --help names.
set -eu
assay=$1
command -v scdoc >/dev/null || { echo "skipped: scdoc is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(dirname "$0")/../../scripts/man-pages.sh" "$assay" "$work"

# The verbs as --help lists them, which is another way than the pages' own list.
export COLUMNS=200
verbs=$("$assay" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
[ "$(echo "$verbs" | wc -l)" -ge 13 ] || { echo "only these verbs found: $verbs"; exit 1; }
failed=0
check() { # page, arguments of the program
  page=$work/$1.1
  shift
  [ -s "$page" ] || { echo "no page $page"; failed=1; return 0; }
  # As groff reads it: without its escapes for dashes.
  sed 's/\\-/-/g; s/\\f[BIRP]//g; s/\\//g' "$page" >"$work/plain"
  for option in $("$assay" "$@" --help | grep -oE '^ +-[^ ]+' | tr ', ' '\n\n' | grep '^-'); do
    grep -qE -- "(^|[^a-z-])$option([^a-z-]|\$)" "$work/plain" || { echo "$page lacks $option"; failed=1; }
  done
}
check assay
for verb in $verbs; do
  check "assay-$verb" "$verb"
  for below in $("$assay" "$verb" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p'); do
    check "assay-$verb" "$verb" "$below"
  done
done
"$assay" manual --check-examples || failed=1
# A page whose prose is missing fails.
mkdir -p "$work/tree/scripts" "$work/tree/man"
cp "$(dirname "$0")/../../scripts/man-pages.sh" "$work/tree/scripts"
cp "$(dirname "$0")/../../man/assay.scd" "$work/tree/man"
if "$work/tree/scripts/man-pages.sh" "$assay" "$work/none" 2>"$work/said"; then
  echo "verbs without prose went unnoticed"
  failed=1
fi
grep -q "assay-record has no man/assay-record.scd" "$work/said" || failed=1
exit $failed
