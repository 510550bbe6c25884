#!/bin/sh
# What the tests need and only a system package manager has: two browsers, PostgreSQL, readers of PDF, Node, dictionaries.
# As root it is installed; otherwise it is named.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || missing="$missing firefox-esr"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v qpdf >/dev/null 2>&1 || missing="$missing qpdf"
command -v pdfsig >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v hunspell >/dev/null 2>&1 || missing="$missing hunspell"
for pair in en_GB:en-gb fr_FR:fr es_ES:es it_IT:it de_DE:de-de; do
    [ -e "/usr/share/hunspell/${pair%:*}.dic" ] || missing="$missing hunspell-${pair#*:}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing what the tests need:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "The tests need$missing; on Debian and Ubuntu: apt install$missing" >&2
    exit 1
fi
