#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh BUILD_DIR [FILE...]: layout of all our sources (or of FILEs), then clang-tidy on the .cpp
# files among them that BUILD_DIR/compile_commands.json knows, tests only if named: GoogleTest's
# macros cost most of the time and find nothing. Any finding fails.
set -euo pipefail
build=$1
shift
if [[ $# -gt 0 ]]; then
  files=("$@")
else
  mapfile -t files < <(scripts/sources.sh)
fi
clang-format-19 --dry-run -Werror "${files[@]}"

known=$(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json")
named=$#
tidy=()
for file in "${files[@]}"; do
  [[ $named -eq 0 && ($file == *_test.cpp || $file == test/*) ]] && continue
  [[ $file == *.cpp ]] && grep -qxF "$PWD/$file" <<<"$known" && tidy+=("$PWD/$file")
done
[[ ${#tidy[@]} -eq 0 ]] && exit 0
printf '%s\n' "${tidy[@]}" | xargs -n 1 -P "$(nproc)" clang-tidy-19 -p "$build" --quiet
