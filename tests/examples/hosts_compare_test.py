"""examples/hosts/compare.py sees what it is there to see: hosts_compare_test.py COMPARE"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

COMPARE = pathlib.Path(sys.argv.pop(1))


class Compare(unittest.TestCase):
    def status(self, lines=10, beside=None, **hosts):
        """Of compare.py beside these hosts, each a shell script; what it said is kept."""
        with tempfile.TemporaryDirectory() as folder:
            here = pathlib.Path(folder)
            (here / "compare.py").write_text(COMPARE.read_text())
            (here / "expected.txt").write_text("abi 1.0\nbjörn 2.5\n")
            for name, script in hosts.items():
                (here / name).mkdir()
                (here / name / "host.x").write_text("a line\n" * lines)
                (here / name / "run.sh").write_text("#!/bin/sh\n" + script)
                (here / name / "run.sh").chmod(0o755)
                if beside:
                    (here / name / beside).write_text("more\n")
            words = [sys.executable, here / "compare.py", "library", "plugin"]
            done = subprocess.run(words, capture_output=True, text=True)
        self.said = done.stdout + done.stderr
        return done.returncode

    ALIKE = "printf 'abi 1.0\\nbjörn 2.5\\n'"

    def test_hosts_that_print_the_same_are_alike(self):
        self.assertEqual(self.status(a=self.ALIKE, b=self.ALIKE), 0)

    def test_one_byte_is_a_difference(self):
        for printed in ("abi 1.0\\nbjörn 2.5", "abi 1.0\\nbjörn 2.50\\n", "abi 1.0\\r\\nbjörn 2.5\\n"):
            self.assertEqual(self.status(a=self.ALIKE, b=f"printf '{printed}'"), 1, printed)
            self.assertIn("+++ b", self.said, printed)

    def test_a_host_that_fails_is_named_with_what_it_said(self):
        self.assertEqual(self.status(a="echo 'no such plugin' >&2; exit 3"), 1)
        self.assertIn("a: exit status 3\nno such plugin", self.said)

    def test_a_language_that_is_not_here_is_skipped_and_only_such_are_a_skip(self):
        absent = "echo 'ruby is not installed' >&2; exit 77"
        self.assertEqual(self.status(a=absent), 77)
        self.assertIn("a: skipped: ruby is not installed", self.said)
        self.assertEqual(self.status(a=absent, b=self.ALIKE), 0)

    def test_a_host_of_a_hundred_lines_is_refused(self):
        self.assertEqual(self.status(lines=99, a=self.ALIKE), 0)
        self.assertEqual(self.status(lines=100, a=self.ALIKE), 1)

    def test_a_second_source_beside_the_host_is_refused(self):
        self.assertEqual(self.status(beside="README.md", a=self.ALIKE), 0)
        self.assertEqual(self.status(beside="helpers.h", a=self.ALIKE), 1)
        self.assertIn("helpers.h lies beside it", self.said)


if __name__ == "__main__":
    unittest.main()
