#!/usr/bin/env bash
# Adds the report to the summary of the job, which may have 1 MiB in a step: the report never has more than 64 KiB.
set -euo pipefail

if [ -n "$SUMMARY_FILE" ]; then
    cat -- "$SUMMARY_FILE" >>"$GITHUB_STEP_SUMMARY"
else
    printf '### oasguard\n\nNothing was checked: see the log (exit code %s).\n' "$EXIT_CODE" >>"$GITHUB_STEP_SUMMARY"
fi
