#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deploy/'s rules and configurations, by the servers' own checkers. Usage: rules.sh SOURCE_DIR
set -eu
deploy=$1/deploy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$deploy"/prometheus/*.yml "$work"
cd "$work"
"$ASSAY_SERVERS"/promtool check rules --lint-fatal assay.rules.yml assay-alerts.rules.yml
"$ASSAY_SERVERS"/promtool test rules assay.test.yml
# The credentials lie on the machine that runs it.
sed -e 's|/etc/prometheus/assay.token|token|; s|/etc/prometheus/assay-ca.pem|ca.pem|' prometheus.yml >here.yml
touch token ca.pem
"$ASSAY_SERVERS"/promtool check config --lint-fatal here.yml
"$ASSAY_SERVERS"/amtool check-config alertmanager.yml
sed -e 's|/etc/victoria-metrics/||; /ca_file/d' "$deploy"/victoria-metrics/scrape.yml >vm.yml
touch assay.token
"$ASSAY_SERVERS"/victoria-metrics -promscrape.config=vm.yml -dryRun
# vmalert reads the same rules.
"$ASSAY_SERVERS"/vmalert -rule=assay.rules.yml -rule=assay-alerts.rules.yml -dryRun
# An alert that can't be raised must be seen: the checkers can fail.
sed -e 's/> 0.9/> 1.9/' assay-alerts.rules.yml >broken && mv broken assay-alerts.rules.yml
if "$ASSAY_SERVERS"/promtool test rules assay.test.yml >/dev/null; then
  echo "rules.sh: promtool passes rules that raise nothing" >&2
  exit 1
fi
