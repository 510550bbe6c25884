#!/bin/sh
# Installs what `training videos build` needs and nothing else in this repository does: ffmpeg and the offline voices.
# Running and testing the platform needs neither; the fonts of the pictures are in the repository. For Debian; run as
# root. Safe to repeat.
#
#   scripts/install-film-tools.sh          says what it will change, then does it
#   scripts/install-film-tools.sh --say    only says it
#
# English is spoken by festival's voice us-slt-hts (Debian main, BSD-like licence); French, Spanish, Italian and German
# by SVOX Pico (Apache 2.0), which Debian keeps in its component "non-free" because the voices' sources are not there.
# For that one component this script edits the "Components" of the source that this machine already has for its own
# release; it adds no source, and keeps each changed file as it was under /var/backups.
set -eu

PACKAGES="ffmpeg festival festvox-us-slt-hts libttspico-utils"
SOURCES="/etc/apt/sources.list /etc/apt/sources.list.d"

. /etc/os-release
release=${VERSION_CODENAME:?this system does not say its release: install by hand: $PACKAGES}

# Files in which a source of this very release offers "main" but not "non-free", in either of apt's two formats.
files_without_non_free() {
    find $SOURCES -type f \( -name '*.list' -o -name '*.sources' \) 2>/dev/null | sort | while read -r file; do
        if [ "$(with_non_free "$file")" != "$(cat "$file")" ]; then
            echo "$file"
        fi
    done
}

# The file's text with "non-free" enabled where a source's suite is this release.
with_non_free() {
    case $1 in
        *.sources)
            awk -v release="$release" '
                function flush(   i, ours) {
                    for (i = 1; i <= n; i++)
                        if (line[i] ~ /^Suites:/ && (line[i] " ") ~ ("[ \t]" release "[ \t]")) ours = 1
                    for (i = 1; i <= n; i++) {
                        if (ours && line[i] ~ /^Components:/ && (line[i] " ") ~ /[ \t]main[ \t]/ \
                            && (line[i] " ") !~ /[ \t]non-free[ \t]/)
                            line[i] = line[i] " non-free"
                        print line[i]
                    }
                    n = 0
                }
                /^[ \t]*$/ { flush(); print; next }
                { line[++n] = $0 }
                END { flush() }
            ' "$1" ;;
        *)
            awk -v release="$release" '
                /^deb[ \t]/ && ($0 " ") ~ ("[ \t]" release "[ \t]+([^#]*[ \t])?main[ \t]") \
                    && ($0 " ") !~ /[ \t]non-free[ \t]/ {
                    note = index($0, "#")
                    print note ? substr($0, 1, note - 1) "non-free " substr($0, note) : $0 " non-free"
                    next
                }
                { print }
            ' "$1" ;;
    esac
}

pico_is_offered() { LC_ALL=C apt-cache policy libttspico-utils | grep -q 'Candidate: [0-9]'; }

changed=""
if ! pico_is_offered; then
    if [ "${ID:-}" != debian ]; then
        echo "This system offers no package libttspico-utils; enable the component that has it, then repeat." >&2
        exit 1
    fi
    changed=$(files_without_non_free)
fi

echo "This installs: $PACKAGES"
if [ -n "$changed" ]; then
    echo "SVOX Pico is in Debian's component non-free, which this machine does not use yet. It will be enabled in:"
    echo "$changed" | sed 's/^/  /'
fi
if [ "${1:-}" = "--say" ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Run this as root: it installs packages of the system." >&2
    exit 1
fi

for file in $changed; do
    cp -p "$file" "/var/backups/$(basename "$file").before-film-tools"
    text=$(with_non_free "$file")
    printf '%s\n' "$text" >"$file"
done
apt-get update -q
# shellcheck disable=SC2086 -- the packages are separate words
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $PACKAGES
echo "Done: training videos build can make films now."
