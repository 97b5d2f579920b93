"""The package as a stranger gets it: a wheel, in an environment that has nothing else."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

import environment
from support import ROOT

BINDING = ROOT / "abi" / "bindings" / "python"


@unittest.skipUnless("CLV_WHEEL" in os.environ, "CLV_WHEEL says whether to pack or to build")
class Wheel(unittest.TestCase):
    """CLV_WHEEL=pack packs CLV_LIBRARY as it is, CLV_WHEEL=build builds the library as pip does."""

    def test_an_installed_wheel_brings_the_library_and_passes_the_tests(self):
        builder = environment.made(os.environ["CLV_TOOLS"], ["scikit-build-core>=0.10"])
        packed = os.environ["CLV_WHEEL"] == "pack"
        define = ["-C", f"cmake.define.CLV_PYTHON_LIBRARY={os.environ['CLV_LIBRARY']}"] if packed else []
        before = sorted(BINDING.rglob("*"))
        with tempfile.TemporaryDirectory() as folder:
            environment.run(
                builder, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", *define,
                "-w", folder, BINDING,
            )
            self.assertEqual(sorted(BINDING.rglob("*")), before, "building left files in the source tree")
            (wheel,) = pathlib.Path(folder).glob("libclv-*-py3-none-*.whl")
            names = zipfile.ZipFile(wheel).namelist()
            self.assertIn("libclv/libclv.so.1", names)
            self.assertFalse([n for n in names if not n.startswith(("libclv/", "libclv-"))])
            fresh = pathlib.Path(folder) / "fresh"
            environment.run(sys.executable, "-m", "venv", fresh)
            environment.run(fresh / "bin" / "pip", "install", "-q", "--no-deps", "--no-index", wheel)
            self.passes(fresh / "bin" / "python")

    def passes(self, python):
        gone = ("CLV_WHEEL", "CLV_LIBRARY", "PYTHONPATH")
        settings = {name: value for name, value in os.environ.items() if name not in gone}
        done = subprocess.run(
            [python, "-m", "unittest", "library_test", "verbs_test", "columns_test", "arrow_test"],
            env=settings | {"CLV_BINDING": "installed", "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=pathlib.Path(__file__).parent,
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    environment.made(os.environ["CLV_TOOLS"], ["scikit-build-core>=0.10"])  # or skips, before a test runs
    unittest.main()
