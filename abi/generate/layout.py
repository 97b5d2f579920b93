"""The layout lock of one release: size and offsets of all public structs, and every constant's number,
as static assertions. The C compiler gives the numbers."""
import pathlib
import subprocess
import tempfile

from headers import Surface

INCLUDES = '#include "clv.h"\n#include "clv_plugin.h"\n#include "clv_storage.h"\n'


def measured(s: Surface, include: pathlib.Path) -> list[list[str]]:
    probe = "#include <stdio.h>\n" + INCLUDES + "int main(void) {\n"
    for t in s.structs:
        probe += f'  printf("S {t.name} %zu\\n", sizeof({t.name}));\n'
        for f in t.fields:
            probe += f'  printf("O {t.name} {f.name} %zu\\n", offsetof({t.name}, {f.name}));\n'
    probe += "  return 0;\n}\n"
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "probe.c"
        source.write_text(probe)
        program = source.with_suffix("")
        subprocess.run(["cc", "-I", include, source, "-o", program], check=True)
        done = subprocess.run([program], check=True, capture_output=True, text=True)
    return [line.split() for line in done.stdout.splitlines()]


def text(s: Surface, include: pathlib.Path) -> str:
    lines = [
        "/* The layout of every public struct and the number of every constant as of ABI 1.0, by",
        " * abi/generate. Frozen with the release: nothing in a struct may move, and what is appended later",
        " * is not there for CLV_TARGET_MINOR 0. */",
        "#define CLV_TARGET_MINOR 0",
        INCLUDES,
        "#if UINTPTR_MAX == 0xFFFFFFFFFFFFFFFFu",
    ]
    for words in measured(s, include):
        what = f"sizeof({words[1]})" if words[0] == "S" else f"offsetof({words[1]}, {words[2]})"
        lines.append(f'_Static_assert({what} == {words[-1]}, "ABI 1.0");')
    lines += ["#endif"]
    # Versions are what a release may raise.
    fixed = (c for c in s.constants if isinstance(c.value, int) and "_VERSION_" not in c.name)
    lines += [
        f'_Static_assert({c.name} == {c.value}, "ABI 1.0");' for c in fixed if c.name != "CLV_ABI_MINOR"
    ]
    return "\n".join(lines) + "\n"
