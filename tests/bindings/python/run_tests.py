"""run_tests.py [--with FOLDER PACKAGE,PACKAGE] LIBRARY PLUGIN: the tests beside this file.

With a folder they run in an environment made there that has those packages; without, tests of numpy and
Arrow libraries that this Python has not are skipped.
"""
import argparse
import os
import pathlib
import sys

import environment

HERE = pathlib.Path(__file__).resolve().parent


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--with", nargs=2, dest="environment", metavar=("FOLDER", "PACKAGES"))
    asked.add_argument("library")
    asked.add_argument("plugin")
    asked = asked.parse_args()
    python = sys.executable
    settings = {"CLV_LIBRARY": asked.library, "CLV_PLUGIN": asked.plugin, "PYTHONDONTWRITEBYTECODE": "1"}
    if asked.environment:
        folder, packages = asked.environment
        python = environment.made(folder, packages.split(","))
        settings["CLV_EXPECTS"] = packages  # a test that needs one of these must not skip
    os.chdir(HERE)
    os.environ.update(settings)
    os.execv(python, [str(python), "-m", "unittest", "discover", "-s", str(HERE), "-p", "*_test.py"])


if __name__ == "__main__":
    main()
