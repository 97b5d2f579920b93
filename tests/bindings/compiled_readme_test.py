#!/usr/bin/env python3
"""Compiles and runs the program in a binding's README as it stands there.

usage: compiled_readme_test.py LIBRARY java|go|dotnet|cpp
Exit status 77 (skipped) where the language is not installed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINDINGS = ROOT / "abi" / "bindings"
PRINTED = re.compile(r"c\d{6} \d+\.\d\d EUR")
JNA = os.environ.get("CLV_JNA", "/usr/share/java/jna.jar")


def java(library):
    sources = sorted(str(path) for path in (BINDINGS / "java" / "src").rglob("*.java"))
    compiled = ["javac", "-encoding", "UTF-8", "-cp", JNA, "-d", ".", *sources, "Program.java"]
    return "Program.java", [compiled], ["java", f"-Djna.library.path={library.parent}", "-cp", JNA + ":.", "Program"]


def go(library):
    package = f"Name: clv\nDescription: the library given\nVersion: 0\nCflags: -I{ROOT}/abi/include\n"
    pathlib.Path("clv.pc").write_text(package + f"Libs: -L{library.parent} -lclv\n")
    replaced = ["-require", "clv@v0.0.0", "-replace", f"clv={BINDINGS / 'go'}"]
    return "program.go", [["go", "mod", "init", "program"], ["go", "mod", "edit", *replaced], ["go", "build", "-o", "program"]], ["./program"]


def dotnet(library):
    sources = sorted(str(path) for path in (BINDINGS / "dotnet").glob("*.cs"))
    return "Program.cs", [["mcs", "-nologo", "-unsafe", "-warnaserror", "-out:program.exe", *sources, "Program.cs"]], ["mono", "program.exe"]


def cpp(library):
    flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/abi/include"]
    return "program.cpp", [["c++", *flags, "program.cpp", f"-L{library.parent}", "-lclv", "-o", "program"]], ["./program"]


def main():
    library, language = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    text = (BINDINGS / language / "README.md").read_text()
    program = re.search(r"<!-- run -->\n```\w+\n(.*?)```", text, re.DOTALL).group(1)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        name, builds, run = {"java": java, "go": go, "dotnet": dotnet, "cpp": cpp}[language](library)
        for tool in (builds[0][0], run[0]):
            if not tool.startswith("./") and shutil.which(tool) is None:
                print(f"skipped: {tool} is not installed")
                return 77
        if language == "go" and re.match(r"go1\.(\d|1\d|20)(\.|$)", subprocess.check_output(["go", "env", "GOVERSION"], text=True)):
            print("skipped: Go is older than 1.21")
            return 77
        if language == "java" and not pathlib.Path(JNA).exists():
            print("skipped: no JNA here: package libjna-java, or CLV_JNA=jna.jar")
            return 77
        pathlib.Path(name).write_text(program)
        shutil.copy(ROOT / "examples" / "hosts" / "orders.csv", folder)
        environment = {**os.environ, "LD_LIBRARY_PATH": str(library.parent), "LC_ALL": "C.UTF-8", "PKG_CONFIG_PATH": folder}
        # Go caches what pkg-config said, by these flags: another folder must be another entry.
        environment["CGO_LDFLAGS"] = f"-O2 -g -L{library.parent}"
        environment |= {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOWORK": "off"}
        for command in builds:
            subprocess.run(command, env=environment, check=True, timeout=300)
        done = subprocess.run(run, env=environment, capture_output=True, text=True, timeout=120)
        print(done.stdout, done.stderr, sep="")
        lines = done.stdout.splitlines()
        fine = done.returncode == 0 and not done.stderr and lines and all(map(PRINTED.fullmatch, lines))
        return 0 if fine and pathlib.Path(folder, "shop.clv").exists() else 1


if __name__ == "__main__":
    sys.exit(main())
