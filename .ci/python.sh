#!/bin/sh
# Prints the path of the newest Python >= 3.11 that can make a virtual environment, on PATH or among pyenv's versions.
#   PYTHON=/path/to/python   takes that one and no other
#   PYTHON_FIRST=3.13        tries that version before the newer ones
set -eu

on_path() {
    (
        IFS=:
        for folder in $PATH; do
            if [ -x "$folder/$1" ]; then printf '%s\n' "$folder/$1"; fi
        done
    )
}

candidates() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" || true
        return
    fi
    for version in ${PYTHON_FIRST:-} 3.14 3.13 3.12 3.11; do
        on_path "python$version"
        for one in "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/$version"*"/bin/python$version"; do
            if [ -x "$one" ]; then printf '%s\n' "$one"; fi
        done
    done
    on_path python3
}

# 3: not one of ours; 4: ours, but without what a virtual environment needs. A pyenv shim of a version that is not
# switched on answers something else.
probe='
import sys, sysconfig
if sys.version_info < (3, 11) or sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
    sys.exit(3)
try:
    import ctypes, ensurepip, ssl, venv
except ImportError:
    sys.exit(4)
'

lacking=
while IFS= read -r one; do
    code=0
    "$one" -c "$probe" </dev/null >/dev/null 2>&1 || code=$?
    case $code in
        0) printf '%s\n' "$one"; exit 0 ;;
        4) lacking=${lacking:-$one} ;;
    esac
done <<END
$(candidates)
END

if [ -n "$lacking" ]; then
    echo "$lacking cannot make a virtual environment: sudo apt install python3-venv" >&2
elif [ -n "${PYTHON:-}" ]; then
    echo "PYTHON=$PYTHON is no Python 3.11 or newer" >&2
else
    echo "Tillmate needs Python 3.11 or newer, and none was found: sudo apt install python3 python3-venv" >&2
fi
exit 1
