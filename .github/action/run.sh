#!/usr/bin/env bash
# Runs oasguard once, and says as outputs how it ended. It never fails because of findings: what was found is uploaded and
# shown first, and a later step fails.
set -euo pipefail

# Workflow commands in what other programs say have no effect on us: nothing but our own lines starts with `::`.
fail() {
    local message=${1//'%'/%25}
    message=${message//$'\r'/%0D}
    printf '::error title=oasguard::%s\n' "${message//$'\n'/%0A}"
    exit 2
}

# A boolean input.
is_true() {
    case "$2" in
    true) return 0 ;;
    false) return 1 ;;
    *) fail "\`$1\` is \`true\` or \`false\`, not: $2" ;;
    esac
}

# The lines of a text that are not blank, without the blanks around them, in `lines`.
lines_of() {
    lines=()
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line="${line#"${line%%[![:space:]]*}"}"
        line="${line%"${line##*[![:space:]]}"}"
        [ -z "$line" ] || lines+=("$line")
    done <<<"$1"
}

reports=$(mktemp -d "$RUNNER_TEMP/oasguard-reports.XXXXXX")
unset CDPATH
case "$INPUT_WORKING_DIRECTORY" in
'') ;;
/* | [A-Za-z]:*) cd -- "$INPUT_WORKING_DIRECTORY" ;;
*) cd -- "./$INPUT_WORKING_DIRECTORY" ;;
esac || fail "\`working-directory\`: there is no folder $INPUT_WORKING_DIRECTORY"

is_uploaded=false
if is_true upload-sarif "$INPUT_UPLOAD_SARIF"; then is_uploaded=true; fi
is_summarized=false
if is_true summary "$INPUT_SUMMARY"; then is_summarized=true; fi
# Code scanning annotates by itself.
is_annotated=$INPUT_ANNOTATIONS
if [ "$is_annotated" = auto ]; then
    if $is_uploaded; then is_annotated=false; else is_annotated=true; fi
fi
format=full
if is_true annotations "$is_annotated"; then format=github; fi

# A name never becomes an option: each value is part of the word that names its option, and paths follow `--`.
options=("--output-format=$format" "--report=sarif=$reports/oasguard.sarif" "--report=json-lines=$reports/oasguard.jsonl")
if $is_summarized; then options+=("--report=markdown=$reports/oasguard.md"); fi
[ -z "$INPUT_PROFILE" ] || options+=("--profile=$INPUT_PROFILE")
[ -z "$INPUT_FAIL_ON" ] || options+=("--fail-on=$INPUT_FAIL_ON")
lines_of "$INPUT_CONFIG"
for line in ${lines[@]+"${lines[@]}"}; do options+=("--config=$line"); done
[ -z "$INPUT_BASELINE" ] || options+=("--baseline=$INPUT_BASELINE")
case "$INPUT_DIFF_BASE" in
'') ;;
auto) [ -z "${GITHUB_BASE_REF:-}" ] || options+=("--diff-base=origin/$GITHUB_BASE_REF") ;;
*) options+=("--diff-base=$INPUT_DIFF_BASE") ;;
esac
lines_of "$INPUT_ARGS"
options+=(${lines[@]+"${lines[@]}"})
lines_of "$INPUT_PATHS"

code=0
"$OASGUARD" lint "${options[@]}" -- ${lines[@]+"${lines[@]}"} || code=$?

# The last line is the summary, in a format that stays what it is.
counts=
[ ! -f "$reports/oasguard.jsonl" ] || counts=$(tail -n 1 "$reports/oasguard.jsonl")
count() {
    if [[ $counts =~ \"findings\":\{[^}]*\"$1\":([0-9]+) ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}
high=$(count high) medium=$(count medium) low=$(count low) info=$(count info)
{
    printf 'exit-code=%s\n' "$code"
    [ ! -f "$reports/oasguard.sarif" ] || printf 'sarif-file=%s\n' "$reports/oasguard.sarif"
    [ ! -f "$reports/oasguard.md" ] || printf 'summary-file=%s\n' "$reports/oasguard.md"
    printf 'findings=%s\n' "$((high + medium + low + info))"
    printf 'high=%s\nmedium=%s\nlow=%s\ninfo=%s\n' "$high" "$medium" "$low" "$info"
} >>"$GITHUB_OUTPUT"
