#!/usr/bin/env python3
"""PHP as php-fpm runs it: FFI for preloaded files only, workers forked after the library was loaded.

usage: preload_test.py LIBRARY
PHP's own web server stands for php-fpm: to both FFI is forbidden outside preloaded files; the command is not.
Exit status 77 (skipped) where PHP 8, its FFI or its opcache is not installed.
"""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BINDING = pathlib.Path(__file__).resolve().parents[3] / "abi" / "bindings" / "php"
PAGE = r"""<?php
$clv = Clv\Library::load();
$engine = $clv->engine();
$engine->ingest([
    'customer' => ['anna', 'björn'],
    'time' => Clv\Column::times([0, 86_400_000_000]),
    'amount' => Clv\Column::money([500, 700], 'EUR'),
], ['source' => 'shop']);
$engine->ingestBatches([['customer' => ['carla'], 'time' => Clv\Column::times([0]), 'amount' => Clv\Column::money([1], 'EUR')]]);
echo implode(' ', $engine->read('transactions')->column('customer')), "\n";
try {
    Clv\Library::load('/another/libclv.so.1');
} catch (LogicException $wrong) {
    echo $wrong->getMessage(), "\n";
}
try {
    FFI::cdef('int abs(int n);');
    echo "FFI is allowed\n";
} catch (FFI\Exception $wrong) {
    echo $wrong->getMessage(), "\n";
}
"""
PRELOADED = ["anna björn carla", "libclv was preloaded by this server: call Library::load() without a path"]
REFUSED = 'FFI API is restricted by "ffi.enable" configuration directive'


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def settings():
    """What the README says: started as root, ffi.preload loads the library."""
    chosen = {"ffi.enable": "preload", "opcache.enable_cli": "1",
              "opcache.preload": BINDING / "clv_preload.php", "opcache.file_update_protection": "0"}
    if os.geteuid() == 0:
        chosen |= {"opcache.preload_user": "nobody", "ffi.preload": BINDING / "clv_scope.h"}
    return [word for name, value in chosen.items() for word in ("-d", f"{name}={value}")]


def needs(php):
    has = subprocess.run([php, "-m"], capture_output=True, text=True, check=True).stdout.split("\n")
    for module in ("FFI", "Zend OPcache"):
        if module not in has:
            skip(f"php has no {module}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetched(url, server):
    """A page, as soon as the server is there; at most half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=30) as page:
                return page.read().decode()
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.02)
    raise SystemExit(f"the server does not answer: {server.poll()}")


def served(php, environment, folder):
    """Pages of forked workers."""
    port = free_port()
    command = [php, *settings(), "-S", f"127.0.0.1:{port}", "-t", folder]
    environment = environment | {"PHP_CLI_SERVER_WORKERS": "2"}
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        return [fetched(f"http://127.0.0.1:{port}/page.php", server) for _ in range(6)]
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def main():
    php = shutil.which("php")
    if php is None:
        skip("php is not installed")
    needs(php)
    library = pathlib.Path(sys.argv[1]).resolve()
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library.parent)}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        (folder / "page.php").write_text(PAGE)
        command = [php, *settings(), folder / "page.php"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        wrong = done.stdout.splitlines() != [*PRELOADED, "FFI is allowed"]
        print("command:", done.stdout, done.stderr, sep="\n")
        for page in served(php, environment, folder):
            wrong |= page.splitlines() != [*PRELOADED, REFUSED]
            print("served:", page, sep="\n")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
