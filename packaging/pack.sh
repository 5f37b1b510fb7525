#!/usr/bin/env bash
# Makes a release of what was built: packaging/pack.sh <built> <dist>
#
# <built> has a folder `built-<platform>` with the program and its wheel for each platform. <dist> gets
#   release/   archives, their checksums, and for each a list of the components in it (CycloneDX)
#   python/    wheels and the source distribution, for PyPI
#   npm/       packages for npm
set -euo pipefail

built=$(realpath "$1")
mkdir -p "$2"
dist=$(realpath "$2")
cd "$(dirname "$0")/.."

mkdir -p "$dist/release" "$dist/python" "$dist/npm"
for folder in "$built"/built-*; do
    target=${folder##*/built-}
    program=$folder/oasguard
    [ ! -f "$program.exe" ] || program=$program.exe
    archive=$(cargo xtask dist "$target" "$program" "$dist/release")
    name=${archive%.tar.gz}
    unzip -p "$folder"/oasguard-*.whl '*.dist-info/sboms/oasguard.cyclonedx.json' >"${name%.zip}.cdx.json"
    cp "$folder"/oasguard-*.whl "$dist/python/"
done
cargo xtask npm "$dist/release"
for package in "$dist"/release/npm/*; do
    npm pack --silent --pack-destination "$dist/npm" "$package" >/dev/null
done
rm -r "$dist/release/npm"
maturin sdist --out "$dist/python"
