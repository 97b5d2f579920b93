#!/usr/bin/env bash
# new_plugin.sh CMAKE PREFIX C_FLAGS: what the installed clv new-plugin writes builds against the
# installed package with one command of CMake, which also asks clv validate; whatever its name; and
# every command of its README runs.
set -euo pipefail
cmake=$1 clv=$2/bin/clv
export CMAKE_PREFIX_PATH=$2 CFLAGS=$3 CXXFLAGS=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for capability in action feature segmentation; do
  for language in c c++; do
    name=${capability}_idea
    rm -rf "$name"
    "$clv" new-plugin "$name" --language $language --capability $capability
    (cd "$name" && "$cmake" --workflow --preset default >said.txt 2>&1) || { cat "$name/said.txt"; exit 1; }
    grep -q '100% tests passed' "$name/said.txt"
    "$clv" plugins --plugin "$PWD/$name/build/$name.so" | grep -q "org.example.$name"
    if grep -rniE 'template|clv\.template|libclv"' "$name/$name".c*; then
      echo "the lines above still speak of the template" >&2
      exit 1
    fi
  done
done

# Words of C and C++, and of the templates, are names like others.
for name in class int and template my_template reads; do
  "$clv" new-plugin $name --language c++ --dir "$name.cpp.d" >/dev/null
  "$clv" new-plugin $name --dir "$name.c.d" >/dev/null
  c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$2/include" "$name.cpp.d/$name.cpp"
  cc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$2/include" "$name.c.d/$name.c"
  grep -q "\"org.example.$name\"" "$name.cpp.d/$name.cpp"
  grep -q "\"org.example.$name\"" "$name.c.d/$name.c"
done
(cd class.cpp.d && "$cmake" --workflow --preset default >said.txt 2>&1) || { cat class.cpp.d/said.txt; exit 1; }

# The first line says what the file is, and every command of the README runs (shop.clv: a simulated shop).
"$clv" simulate --market --customers 300 --seed 7 --option start=2023-01-01 --out-dir market >/dev/null
"$clv" import --store shop.clv --currency EUR market/transactions.csv >/dev/null
"$clv" record customers market/customers.csv --store shop.clv --currency EUR >/dev/null
"$clv" fit --store shop.clv >/dev/null
"$clv" score --store shop.clv >/dev/null
for capability in action feature segmentation; do
  name=${capability}_idea
  head -1 "$name/$name".c* | grep -q "$name.cp* - a plugin that [a-z ]*, to be made another"
  cp shop.clv "$name"
  cp action_idea/build/action_idea.so "$name/READER.so"
  grep '^clv ' "$name/README.md" >"$name/commands.txt"
  [ "$(wc -l <"$name/commands.txt")" -ge 3 ]
  (cd "$name" && PATH=$(dirname "$clv"):$PATH bash -euo pipefail ./commands.txt >said.txt 2>&1) \
    || { cat "$name/commands.txt" "$name/said.txt"; exit 1; }
done
grep -q 'profit, gated' action_idea/said.txt
if grep -q -- --market feature_idea/README.md; then echo "features earn nothing themselves" >&2; exit 1; fi

# It overwrites nothing, and takes no name that a compiler would not.
if "$clv" new-plugin action_idea 2>said.txt; then echo "it wrote over a folder" >&2; exit 1; fi
grep -q 'there is something already' said.txt
for name in Idea 2nd ../up über test clean clv "$(printf 'a%.0s' {1..65})"; do
  status=0
  "$clv" new-plugin "$name" 2>said.txt || status=$?
  [ "$status" -eq 2 ] || { echo "new-plugin $name exits with $status" >&2; cat said.txt; exit 1; }
  grep -qE 'is no name of|is a target of|a name has at most' said.txt
done
