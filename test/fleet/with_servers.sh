#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unpacks the servers into FOLDER once, and runs a command with ASSAY_SERVERS naming their programs.
# Usage: with_servers.sh FOLDER COMMAND [ARGUMENT...]     Exit: the command's; 77 not to be had here.
set -eu
folder=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -e "$folder/ready" ]; then
  rm -rf "$folder"
  sh "$here/../../scripts/fetch_debian.sh" "$folder" main prometheus victoria-metrics prometheus-alertmanager
  # Debian's build has the absolute path of its templates inside; here they lie where it is started.
  LC_ALL=C sed -i 's|/usr/share/prometheus/alertmanager|./././././././././././././././././|g' \
    "$folder/root/usr/bin/prometheus-alertmanager"
  touch "$folder/ready"
fi
ASSAY_SERVERS="$folder/root/usr/bin" exec "$@"
