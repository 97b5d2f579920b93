#!/usr/bin/env bash
# new_plugin.sh CMAKE PREFIX C_FLAGS: what the installed clv new-plugin writes builds against the
# installed package with one command of CMake, which also asks clv validate.
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

# It overwrites nothing, and takes no name that a compiler would not.
if "$clv" new-plugin action_idea 2>said.txt; then echo "it wrote over a folder" >&2; exit 1; fi
grep -q 'there is something already' said.txt
for name in template Idea 2nd ../up; do
  status=0
  "$clv" new-plugin "$name" 2>said.txt || status=$?
  [ "$status" -eq 2 ] || { echo "new-plugin $name exits with $status" >&2; cat said.txt; exit 1; }
done
