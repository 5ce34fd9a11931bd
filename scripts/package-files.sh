#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes what a package holds beside the program: manual pages, completions, changelog, copyright.
# Usage: package-files.sh ASSAY FOLDER     FOLDER/share is made anew.
set -eu
assay=${1:?usage: package-files.sh ASSAY FOLDER}
folder=${2:?usage: package-files.sh ASSAY FOLDER}
here=$(cd "$(dirname "$0")/.." && pwd)
umask 022
rm -rf "$folder/share"
share=$folder/share
mkdir -p "$share/doc/assay" "$share/bash-completion/completions" "$share/zsh/vendor-completions" \
  "$share/fish/vendor_completions.d"

"$here/scripts/man-pages.sh" "$assay" "$share/man/man1"
gzip -9n "$share"/man/man1/*.1
"$assay" completion bash >"$share/bash-completion/completions/assay"
"$assay" completion zsh >"$share/zsh/vendor-completions/_assay"
"$assay" completion fish >"$share/fish/vendor_completions.d/assay.fish"
gzip -9nc "$here/CHANGELOG.md" >"$share/doc/assay/changelog.gz"

cat >"$share/doc/assay/copyright" <<'EOF'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: assay

Files: *
Copyright: 2026 the assay authors
License: Apache-2.0
 On Debian systems, the full text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0. What is linked into the program is
 named, with its licence, in /usr/share/doc/assay/NOTICE.
EOF
version=$("$assay" --version)
when=$(git -C "$here" log -1 --format=%cD 2>/dev/null || date -R -d @0)
gzip -9n >"$share/doc/assay/changelog.Debian.gz" <<EOF
assay (${version%%[+]*}-1) unstable; urgency=medium

  * $version; what changed is in changelog.gz.

 -- The assay authors <packages@assay.invalid>  $when
EOF
