#!/usr/bin/env bash
# Checks the recipes given with the release program, which is built first where it is missing.
set -eu
cd "$(dirname "$0")/.."
[ -x build/release/bin/tidemill ] || ./dev build
status=0
for recipe in "$@"; do build/release/bin/tidemill recipe check "$recipe" || status=1; done
exit $status
