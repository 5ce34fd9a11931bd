#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# README.zh-CN.md keeps step with README.md: as many headings of the same levels in the same order, the
# same code blocks but for their comments, the same rows of tables, the same commands in the text.
set -eu
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

outline() { # levels of headings, code blocks without comments, first cells of tables
  awk '
    /^```/ { code = !code; print; next }
    code || /^    [^ ]/ { sub(/[ \t]*#.*/, ""); if ($0 ~ /[^ ]/ && code) print; next }
    /^#+ / { match($0, /^#+/); print substr($0, 1, RLENGTH); next }
    /^\| *`/ { split($0, cells, "|"); n = split(cells[2], parts, "`"); row = "row"
               for (i = 2; i <= n; i += 2) row = row " " parts[i]; print row; next }
    /^\|/ { print "row" }' "$1"
}
commands() { # `assay ...`, `make ...` and paths in the text, each once
  tr '\n' ' ' <"$1" | grep -oE '`[^`]+`' | grep -E '^`(assay|make|--|~|data/|build/|DIR|\$)' | sort -u
}
in_step() { # english, other
  for what in outline commands; do
    $what "$1" >"$work/english"
    $what "$2" >"$work/other"
    diff -u --label README.md --label README.zh-CN.md "$work/english" "$work/other" || return 1
  done
}
in_step "$root/README.md" "$root/README.zh-CN.md" || { echo "README.zh-CN.md is not in step with README.md"; exit 1; }

# Each kind of difference is seen.
see() { # sed expression
  sed "$1" "$root/README.zh-CN.md" >"$work/changed.md"
  cmp -s "$root/README.zh-CN.md" "$work/changed.md" && { echo "'$1' changes nothing"; exit 1; }
  if in_step "$root/README.md" "$work/changed.md" >/dev/null; then echo "'$1' went unnoticed"; exit 1; fi
}
see '0,/^## /s/^## /### /'
see '0,/^make run/s/^make run/make go/'
see '0,/`assay doctor`/s/`assay doctor`/`assay doc`/'
see '0,/^| busy/{/^| busy/d}'
