#!/usr/bin/env bash
# Finds or installs oasguard, and says as the output `program` where it is.
#
# With a version: the release archive, if what is on the path is another one. Without: what is on the path, else what
# cargo builds from this checkout.
set -euo pipefail

folder="$RUNNER_TEMP/oasguard"
# Workflow commands in what other programs say have no effect on us: nothing but our own lines starts with `::`.
fail() {
    local message=${1//'%'/%25}
    message=${message//$'\r'/%0D}
    printf '::error title=oasguard::%s\n' "${message//$'\n'/%0A}"
    exit 2
}

found() {
    local program=$1
    [ ! -f "$program.exe" ] || program=$program.exe
    "$program" --version || fail "$program does not run"
    printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
    exit 0
}

# The name of this machine in archives.
target() {
    case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    *) fail "there is no archive for $RUNNER_OS on $RUNNER_ARCH: leave \`version\` empty to build oasguard" ;;
    esac
}

download() {
    curl --fail --silent --show-error --location --retry 3 --proto '=https,file' --proto-redir '=https' \
        --output "$2" -- "$1" || fail "$1 cannot be fetched"
}

# The SHA-256 of a file.
checksum() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -d ' ' -f 1
}

version=${INPUT_VERSION#v}
present=$(type -P oasguard || true)
if [ -n "$present" ]; then
    if [ -z "$version" ] || [ "$("$present" --version)" = "oasguard $version" ]; then
        found "$present"
    fi
fi

mkdir -p "$folder"
if [ -z "$version" ]; then
    command -v cargo >/dev/null ||
        fail "there is no oasguard and no cargo to build it: name a \`version\`, or install oasguard before"
    # From the folder of the action, so that no toolchain or configuration of the repository has a say.
    (cd "$GITHUB_ACTION_PATH" && cargo install --locked --path . --root "$folder" --target-dir "$folder/target") ||
        fail 'oasguard cannot be built'
    found "$folder/bin/oasguard"
fi

[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "\`version\` is no version: $INPUT_VERSION"
target=$(target) || { printf '%s\n' "$target"; exit 2; }
name="oasguard-v$version-$target"
case "$target" in
*windows*) archive="$name.zip" ;;
*) archive="$name.tar.gz" ;;
esac
for file in "$archive" "$archive.sha256"; do
    download "$INPUT_RELEASES/v$version/$file" "$folder/$file"
done
read -r expected _ <"$folder/$archive.sha256" || [ -n "${expected:-}" ] || fail "$archive.sha256 is empty"
[ "$(checksum "$folder/$archive")" = "$expected" ] || fail "$archive is not what its checksum says"
case "$archive" in
*.zip) unzip -q -o "$folder/$archive" -d "$folder" ;;
*) tar -xzf "$folder/$archive" -C "$folder" ;;
esac || fail "$archive cannot be unpacked"
found "$folder/$name/oasguard"
