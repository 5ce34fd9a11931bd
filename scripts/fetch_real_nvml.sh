#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches NVIDIA's own libnvidia-ml.so.1 as Debian packages it (non-free), for the test "NVML without
# a driver". Installs nothing. Prints the library's path.
# Usage: fetch_real_nvml.sh FOLDER     Exit: 0 fetched, 77 not to be had here.
set -eu
folder=${1:?usage: fetch_real_nvml.sh FOLDER}

found() {
  for file in "$folder"/root/usr/lib/*/libnvidia-ml.so.1 "$folder"/root/usr/lib/*/nvidia/*/libnvidia-ml.so.1; do
    if [ -e "$file" ]; then
      echo "$file"
      exit 0
    fi
  done
}
unavailable() {
  echo "fetch_real_nvml.sh: $1" >&2
  exit 77
}

found
sh "$(dirname "$0")/fetch_debian.sh" "$folder" non-free libnvidia-ml1
found
unavailable "the package holds no libnvidia-ml.so.1"
