#!/bin/sh
# Gathers the phrases of the till into tillmate.pot, brings the catalogues up to date with it and compiles them.
# Takes the path of pybabel.
set -eu
cd "$(dirname "$0")/.."
pybabel=$1
locale=terminal/locale
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT

"$pybabel" --quiet extract --keyword _ --keyword N_ --keyword phrase:1 --keyword ngettext:1,2 --keyword pgettext:1c,2 \
    --add-comments Translators: --add-location file --sort-by-file --width 110 \
    --project Tillmate --version "$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)" \
    --header-comment '# What the till says, by file.' --msgid-bugs-address CONTRIBUTING.md --last-translator Tillmate \
    --output-file "$fresh" terminal

# A template that differs in its date alone is no change.
undated() { grep -v '^"POT-Creation-Date:' "$1" || true; }
if [ ! -f "$locale/tillmate.pot" ] || [ "$(undated "$fresh")" != "$(undated "$locale/tillmate.pot")" ]; then
    cat "$fresh" >"$locale/tillmate.pot"
fi
# English is the language of the source; every other one has a folder.
for catalogue in "$locale"/*/LC_MESSAGES/tillmate.po; do
    language=${catalogue#"$locale"/}
    "$pybabel" --quiet update --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete --width 110 --domain tillmate \
        --input-file "$locale/tillmate.pot" --output-dir "$locale" --locale "${language%%/*}"
done
"$pybabel" compile --domain tillmate --directory "$locale" --statistics
