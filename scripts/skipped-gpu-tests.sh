#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# skipped-gpu-tests.sh BUILD_DIR: names the tests that `make test` left out, so that nobody takes
# a pass on a machine without a GPU for a pass on one with.
set -euo pipefail
names=$(ctest --test-dir "$1" -N -L '^gpu$' | sed -n 's/^ *Test *#[0-9]*: //p')
[[ -z $names ]] && exit 0
echo "Skipped, they need a GPU (make test-gpu runs them):"
sed 's/^/    skipped  /' <<<"$names"
