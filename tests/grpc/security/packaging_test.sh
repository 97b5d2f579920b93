#!/usr/bin/env bash
# The files of grpc/packaging: the unit is valid and tight, the configuration is accepted, and what
# the container's recipe names exists.
#   packaging_test.sh SOURCE CLVD
set -euo pipefail
source=$1 clvd=$2
here=$source/grpc/packaging
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

# Paths of this machine instead of an installation's, for a dry run of the configuration.
mkdir -m 700 "$folder/data"
"$clvd" token add --tokens "$folder/tokens" --name crm --scope read >/dev/null
sed -e "s|/var/lib/clvd|$folder/data|" -e "s|/run/clvd/|$folder/|" \
    -e "s|/run/credentials/clvd.service/tokens|$folder/tokens|" \
    "$here/clvd.conf.example" >"$folder/clvd.conf"
"$clvd" --check-config --config "$folder/clvd.conf" || fail "clvd.conf.example is refused"
# The commented options exist too.
help=$("$clvd" --help)
sed -n 's/^# \([a-z-]*\) = .*/\1/p' "$here/clvd.conf.example" | while read -r option; do
  grep -q -- "--$option" <<<"$help" || fail "clvd has no --$option"
done

# The table of options is whole, and names nothing that is not there.
options=$(grep -o -- '^  --[a-z-]*\|,--[a-z-]*' <<<"$help" | tr -d ' ,' | grep -v -e '^--version$' -e '^--help$' | sort -u)
[ "$(wc -l <<<"$options")" -ge 20 ] || fail "--help names too few options"
table=$(grep '^| `--\|also `--' "$source/grpc/server/config/README.md" | grep -o -- '--[a-z-]*' | sort -u)
[ "$options" = "$table" ] || { diff <(echo "$options") <(echo "$table"); fail "config/README.md is not what --help says"; }

# What the recipe copies or runs is in the project; what it installs are names of Debian packages.
grep -q 'cmake/install-deps.sh' "$here/Containerfile" && [ -x "$source/cmake/install-deps.sh" ] ||
  fail "the recipe's installer is missing"
packages=$(sed -n '/install -y --no-install-recommends/,/&&/p' "$here/Containerfile" |
  grep -v '&&' | grep -o '\blib[a-z0-9+.-]*\|\btzdata')
[ "$(wc -w <<<"$packages")" -ge 8 ] || fail "the recipe's packages were not found"
for package in $packages; do
  dpkg-query -W "$package" >/dev/null 2>&1 || fail "package $package is not installed here"
done
# The program needs no library that the recipe forgets, itself or through one of its packages.
# (Without apt's lists nothing can be said about the latter.)
all=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
  --no-replaces --no-enhances $packages 2>/dev/null | grep -v '^ ' | sort -u) || all=
for library in $(ldd "$clvd" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p'); do
  [ -n "$all" ] || break
  package=$(dpkg -S "$(readlink -f "$library")" 2>/dev/null | head -1 | cut -d: -f1) || continue
  [ -z "$package" ] || grep -qx -e "$package" <<<"$all" || fail "the recipe forgets $package"
done

if ! command -v systemd-analyze >/dev/null; then
  echo "skipped: no systemd-analyze to look at the unit with" >&2
  exit 77
fi
sed "s|/usr/bin/clvd|$clvd|" "$here/clvd.service" >"$folder/clvd.service"
systemd-analyze verify "$folder/clvd.service" || fail "the unit is not valid"
# Tenths: 1.5 and lower passes.
systemd-analyze security --offline=true --threshold=15 "$folder/clvd.service" >"$folder/score" ||
  { tail -1 "$folder/score"; fail "the unit lets too much through"; }
