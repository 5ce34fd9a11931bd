#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lists our own C++ sources, one a line, tracked by git or about to be. Not the kernels: the PTX kept
# beside them is labelled with the hash of their text, so a new layout would call for a new PTX.
set -euo pipefail
git ls-files --cached --others --exclude-standard -- \
  'src/assay/*.[ch]pp' 'test/*.[ch]pp' 'bench/*.[ch]pp' |
  while read -r file; do if [[ -f $file ]]; then echo "$file"; fi; done
