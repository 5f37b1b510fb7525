#!/usr/bin/env bash
# Ends as oasguard ended, when everything is uploaded and shown.
set -euo pipefail

case "$EXIT_CODE" in
0) ;;
1) printf '::error title=oasguard::%s findings (%s high, %s medium, %s low, %s info)\n' \
    "$FINDINGS" "$HIGH" "$MEDIUM" "$LOW" "$INFO" ;;
2) printf '::error title=oasguard::not everything could be checked: the log says why (exit code 2)\n' ;;
*) printf '::error title=oasguard::oasguard did not run to its end (exit code %s)\n' "$EXIT_CODE" ;;
esac
exit "$EXIT_CODE"
