#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches nvtop as Debian packages it (contrib in bookworm, main later), for the test of the simulated
# library. Installs nothing. Prints the program's path.
# Usage: fetch_nvtop.sh FOLDER     Exit: 0 fetched, 77 not to be had here.
set -eu
folder=${1:?usage: fetch_nvtop.sh FOLDER}
program=$folder/root/usr/bin/nvtop

runs() { ! ldd "$program" 2>/dev/null | grep -q 'not found'; }
unavailable() {
  echo "fetch_nvtop.sh: $1" >&2
  exit 77
}

[ -x "$program" ] || sh "$(dirname "$0")/fetch_debian.sh" "$folder" contrib nvtop
[ -x "$program" ] || unavailable "the package holds no nvtop"
runs || unavailable "nvtop lacks libraries here: $(ldd "$program" | grep 'not found' | tr -s '\t\n' ' ')"
echo "$program"
