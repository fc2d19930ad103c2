#!/bin/sh
# Writes constraints.txt: one version and its hashes for every package, for every system and Python that Tillmate runs on.
# Pins that still fit stay as they are; --upgrade takes the newest of everything.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python=$(sh .ci/python.sh)
"$python" -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv

cp constraints.txt "$scratch/constraints.txt"
printf 'hatchling\neditables\n' | "$scratch/venv/bin/uv" pip compile --quiet "$@" \
    --universal --python-version 3.11 --python "$python" --no-python-downloads \
    --generate-hashes --no-emit-index-url --no-annotate --no-header \
    --group dev --output-file "$scratch/constraints.txt" pyproject.toml -
if grep -inE '://|index-url|find-links' "$scratch/constraints.txt"; then
    echo "The pins name a place to fetch from; constraints.txt was left as it was" >&2
    exit 1
fi
cat "$scratch/constraints.txt" >constraints.txt
