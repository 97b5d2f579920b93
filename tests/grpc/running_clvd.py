"""A clvd of a Python test's own: in a folder of its own, and gone with it."""
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time


def skip(why):
    """Exit status 77 is what CMake takes for skipped."""
    print(f"skipped: {why}")
    sys.exit(77)


def wait_for(path, server):
    """Until somebody listens, at most a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(str(path)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("clvd does not listen")


class running_clvd:
    """`with running_clvd(program, folder, "--data", ...)`: listens on folder/s; stops as asked."""

    def __init__(self, program, folder, *options):
        self.program, self.folder = program, pathlib.Path(folder)
        self.socket = self.folder / "s"
        self.command = [program, "--socket", self.socket, "--drain-delay", "0", *options]

    def __enter__(self):
        self.log = open(self.folder / "clvd.log", "ab")
        self.server = subprocess.Popen(self.command, stdout=self.log, stderr=self.log)
        try:
            wait_for(self.socket, self.server)
        except BaseException:
            self.__exit__(RuntimeError, None, None)
            raise
        return self

    def __exit__(self, failed, _value, _trace):
        self.server.send_signal(signal.SIGTERM)
        try:
            status = self.server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.server.kill()
            status = self.server.wait()
        self.log.close()
        if failed:
            sys.stderr.write((self.folder / "clvd.log").read_text(errors="replace")[-4000:])
        elif status != 0:
            raise RuntimeError(f"clvd ended with {status}")


def make_token(program, file, tenant, scopes):
    """As its operator does: clvd token add prints the token, this once."""
    done = subprocess.run([program, "token", "add", "--tokens", file, "--name", "test", "--tenant",
                           tenant, "--scope", scopes], check=True, capture_output=True, text=True)
    return re.search(r"clv_[A-Za-z0-9_-]+", done.stdout).group()
