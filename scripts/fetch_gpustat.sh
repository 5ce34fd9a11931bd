#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches gpustat and the Python packages it needs as Debian has them (contrib), for the test of the
# simulated library. Installs nothing. Prints the folder for PYTHONPATH.
# Usage: fetch_gpustat.sh FOLDER     Exit: 0 fetched, 77 not to be had here.
set -eu
folder=${1:?usage: fetch_gpustat.sh FOLDER}
modules=$folder/root/usr/lib/python3/dist-packages
python=/usr/bin/python3  # Debian's own: psutil is built for its version

unavailable() {
  echo "fetch_gpustat.sh: $1" >&2
  exit 77
}
[ -x "$python" ] || unavailable "there is no $python"
[ -d "$modules/gpustat" ] ||
  sh "$(dirname "$0")/fetch_debian.sh" "$folder" contrib gpustat python3-pynvml python3-psutil \
    python3-blessed python3-wcwidth python3-six
PYTHONPATH=$modules "$python" -c 'import blessed, psutil, pynvml, gpustat' ||
  unavailable "gpustat lacks a module here"
echo "$modules"
