"""Every reason that clvd gives for a refusal stands in grpc/README.md, and nothing else does.

Usage: reasons_test.py PROJECT"""

import pathlib
import re
import sys

# Upper-case texts of the server's sources that are no reasons.
OTHERS = set(
    "OK T EUR GET HEAD POST OPTIONS TRACE COMMIT ROLLBACK SIGHUP NOTIFY_SOCKET WATCHDOG_PID "
    "WATCHDOG_USEC".split())
WORD = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"


def given(server):
    reasons = {}
    for file in sorted(server.rglob("*.[ch]pp")):
        text = re.sub(r"//.*|getenv\([^)]*\)", "", file.read_text())
        for word in re.findall(f'"({WORD})"', text):
            if word not in OTHERS and not word.startswith("CLVD_"):
                reasons.setdefault(word, file)
    return reasons


def documented(readme):
    section = readme.split("\n## Errors\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("|")]
    # The last column of both tables: "REASON, REASON (words)".
    cells = [re.sub(r"\([^)]*\)", "", row[-1]) for row in rows]
    return {word for cell in cells for word in re.findall(rf"\b{WORD}\b", cell)}


def main(project):
    reasons = given(project / "grpc/server")
    told = documented((project / "grpc/README.md").read_text())
    assert len(reasons) > 50 and len(told) > 50, (len(reasons), len(told))
    missing = sorted(f"{reason} ({reasons[reason]})" for reason in reasons.keys() - told)
    gone = sorted(told - reasons.keys())
    if missing:
        print("not in grpc/README.md, section Errors:", *missing, sep="\n  ")
    if gone:
        print("in grpc/README.md, but given by nothing:", *gone, sep="\n  ")
    return 1 if missing or gone else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
