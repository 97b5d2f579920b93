#!/usr/bin/env bash
# Installs the Debian 12 packages that libclv is built and tested with, and says which; quick and
# silent when none is missing.
#   cmake/install-deps.sh                 all: the library, clvd, tests
#   cmake/install-deps.sh --core          only for the library, the clv command and the plugins
#   cmake/install-deps.sh --list          print the packages and stop
#   --replace-boost                       may remove Debian's libboost1.74-dev
set -euo pipefail

core=(
  build-essential cmake ninja-build pkg-config ca-certificates tzdata
  libsqlite3-dev                 # the store
  libboost1.81-dev               # JSON
  libeigen3-dev                  # linear algebra
  libcli11-dev                   # the clv command
  libhowardhinnant-date-dev      # calendars and time zones
  libxxhash-dev                  # salted holdouts
)
more=(
  libgrpc++-dev libgrpc-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc  # clvd
  libspdlog-dev                  # its log
  libseccomp-dev                 # clv-plugin-host gives up system calls before a plugin works
  libcpp-httplib-dev zlib1g-dev  # its HTTP/JSON door, and a gzip bomb for its test
  libssl-dev openssl             # its tokens and certificates, those that tests make, digests of plugins
  libpq-dev postgresql-15        # the second store, and a server that tests start
  libgtest-dev libbenchmark-dev  # tests and benchmarks
  json-schema-test-suite         # cases for the rules of a plugin's configuration
  curl                           # the sidecar's README is run
  python3 python3-grpcio python3-protobuf  # the Python client, and tests of the protocol
  python3-numpy python3-venv       # the Python binding's arrays; its wheel is tested in an environment
  ruby-grpc                      # the Ruby client (Node and Go with their packages: tests skip without)
  php-cli ruby                   # the PHP and Ruby bindings (Node's where Node 20 and npm are: tests skip without)
  mono-mcs mono-runtime          # the .NET binding and host
  libjna-java                    # the Java ones, where there is a JDK (Go, a JDK: tests skip without)
  libfaketime systemd            # a clock that jumps; systemd-analyze looks at the unit
  clang                          # the C headers are tested with both compilers
  abigail-tools                  # abidiff compares the ABI with the kept release's
  locales                        # a comma-decimal locale is made for a test
)
conflicting=libboost1.74-dev     # Debian's default Boost: it and 1.81 cannot be installed together

packages=("${core[@]}" "${more[@]}")
replace_boost=no
for option in "$@"; do
  case $option in
    --core) packages=("${core[@]}") ;;
    --list) printf '%s\n' "${packages[@]}"; exit 0 ;;
    --replace-boost) replace_boost=yes ;;
    *) echo "usage: cmake/install-deps.sh [--core] [--list] [--replace-boost]" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is not Debian: install the equivalents of these packages, then build with cmake:" >&2
  printf '  %s\n' "${packages[@]}" >&2
  exit 1
fi

installed() { dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p'; }

missing=$(comm -23 <(printf '%s\n' "${packages[@]}" | sort) <(installed "${packages[@]}" | sort -u))
[ -n "$missing" ] || exit 0
if grep -qx libboost1.81-dev <<<"$missing" && [ -n "$(installed $conflicting)" ] && [ $replace_boost = no ]; then
  echo "libclv needs libboost1.81-dev, which Debian cannot install beside $conflicting." >&2
  echo "To have $conflicting removed: $0 --replace-boost" >&2
  exit 1
fi

sudo=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Not root and no sudo. As root, run: apt-get install" $missing >&2
    exit 1
  fi
  sudo=sudo
fi
echo "Installing from Debian:" $missing
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # one word per package
$sudo apt-get update -q
$sudo apt-get install -q -y --no-install-recommends $missing
