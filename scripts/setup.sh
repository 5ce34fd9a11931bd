#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# setup.sh LIST...: installs what is missing of the packages named in the lists, one a line, # opens
# a comment. Asks dpkg first, so that it costs nothing when all is there. "npm?npm" is the package npm,
# and not needed where there is a program npm, whoever brought it.
set -euo pipefail

mapfile -t lines < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@")
wanted=()
for line in "${lines[@]}"; do
  [[ $line == *\?* ]] && command -v "${line#*\?}" >/dev/null && continue
  wanted+=("${line%%\?*}")
done

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is no Debian; the build goes on with what is there. It needs: ${wanted[*]}" >&2
  exit 0
fi

missing=()
installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "${wanted[@]}" 2>/dev/null || true)"
for package in "${wanted[@]}"; do
  [[ $installed == *" installed:$package "* ]] || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: missing ${missing[*]}, and neither root nor sudo to install them with;" \
      "run as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 "$@"
}

echo "setup: installing ${missing[*]}" >&2
# The lists may be fresh: fetch them only if the packages can't be had without.
apt install --no-install-recommends "${missing[@]}" && exit 0
for pause in 0 5 15; do
  sleep "$pause"
  apt update && apt install --no-install-recommends "${missing[@]}" && exit 0
done
echo "setup: apt-get could not install ${missing[*]}; see its messages above" >&2
exit 1
