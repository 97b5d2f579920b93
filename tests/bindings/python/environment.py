"""Virtual environments for tests: made once in the build folder, kept while their list is the same."""
import pathlib
import subprocess
import sys

SKIPPED = 77


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, **more)


def made(folder, packages):
    """The Python of an environment with these packages; skips where they cannot be had."""
    folder = pathlib.Path(folder)
    python, listed = folder / "bin" / "python", folder / "packages"
    if listed.exists() and listed.read_text() == "\n".join(packages):
        return python
    try:
        run(sys.executable, "-m", "venv", "--clear", folder)
        run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages, timeout=500)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        print(f"skipped: {packages} cannot be installed here: {failed}")
        sys.exit(SKIPPED)
    listed.write_text("\n".join(packages))
    return python
