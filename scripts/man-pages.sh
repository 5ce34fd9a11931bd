#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the manual pages: what the command line says of itself, with the prose of man/.
# Usage: man-pages.sh ASSAY FOLDER     Exit: 0 made, 1 a verb has no prose or a page is not valid.
set -eu
assay=${1:?usage: man-pages.sh ASSAY FOLDER}
folder=${2:?usage: man-pages.sh ASSAY FOLDER}
here=$(cd "$(dirname "$0")/.." && pwd)
command -v scdoc >/dev/null || { echo "man-pages.sh: scdoc is not installed; make setup-test installs it" >&2; exit 1; }
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One date for one source, so that a package built twice is the same.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
missing=0
for page in $("$assay" manual); do
  prose=$here/man/$page.scd
  [ -f "$prose" ] || { echo "man-pages.sh: $page has no man/$page.scd" >&2; missing=1; continue; }
  "$assay" manual "$page" | sed -e "/^@PROSE@\$/{r $prose" -e 'd;}' >"$work/$page.scd"
  scdoc <"$work/$page.scd" >"$folder/$page.1" || { echo "man-pages.sh: $page is not valid scdoc" >&2; exit 1; }
done
exit $missing
