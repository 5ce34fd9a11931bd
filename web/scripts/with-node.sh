#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# with-node.sh COMMAND...: runs COMMAND in web/ with the packages that package-lock.json names.
# Exit: COMMAND's, or 77 where there is no Node 18, no npm, or no registry that npm reaches.
set -eu
cd "$(dirname "$0")/.."
skip() {
  echo "skipped: $1"
  exit 77
}
command -v node >/dev/null || skip "there is no node (packages-test.apt names it)"
command -v npm >/dev/null || skip "there is no npm (packages-test.apt names it)"
node -e 'process.exit(process.versions.node.split(".")[0] >= 18 ? 0 : 1)' || skip "node $(node --version) is older than 18"
# Several tests may come at once; the first installs, the others wait and find all there.
(
  flock 9
  mark=node_modules/.assay-lock
  cmp -s package-lock.json "$mark" && exit 0
  npm ci --ignore-scripts --loglevel=error >&2 || exit 1
  cp package-lock.json "$mark"
) 9>.npm.lock || skip "npm could not fetch the packages; its message is above"
exec "$@"
