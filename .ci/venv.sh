#!/bin/sh
# Makes the virtual environment (.venv, or the folder named) with exactly what constraints.txt pins, or brings it up to date.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-.venv}

if [ -e "$folder" ] && [ ! -f "$folder/pyvenv.cfg" ] && [ -n "$(ls -A "$folder")" ]; then
    echo "$folder is there and is no virtual environment: move it away" >&2
    exit 1
fi
rm -f "$folder/.ready"
if ! PYTHON="$folder/bin/python" sh .ci/python.sh >/dev/null 2>&1 || ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(sh .ci/python.sh)
    echo "Making $folder with $("$python" --version). This happens once and takes a minute or two."
    "$python" -m venv --clear "$folder"
fi
PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_DISABLE_PIP_VERSION_CHECK
"$folder/bin/python" -m pip install --quiet --require-hashes -r constraints.txt
"$folder/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
touch "$folder/.ready"
