"""How the clients of examples/*_grpc are built: one function per language, which gives a function
from (socket, log, further words) to the command that runs it. The source tree stays as it is."""
import collections
import importlib
import os
import shutil
import subprocess
import sys

from running_clvd import skip

command = collections.namedtuple("command", "words environment")


def done(words, folder, seconds=240, **more):
    """Runs a step of the README; a package that cannot be had is no failure of the client."""
    environment = {**os.environ, **more}
    try:
        step = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True,
                              timeout=seconds)
    except subprocess.TimeoutExpired:
        skip(f"{words[0]} took more than {seconds} s")
    if step.returncode != 0:
        skip(f"{words[:2]} failed: {step.stderr.strip().splitlines()[-2:]}")


def program(name):
    return shutil.which(name) or skip(f"{name} is not installed")


def protos_of(root):
    protos = root / "grpc" / "proto"
    return protos, sorted(str(p.relative_to(protos)) for p in protos.glob("clv/v1/*.proto"))


def stubs(root, folder, protoc, language):
    """By protoc and Debian's protobuf-compiler-grpc, which clvd itself is built with."""
    protos, names = protos_of(root)
    out = folder / "stubs"
    out.mkdir()
    subprocess.run([protoc, "-I", protos, f"--{language}_out={out}", f"--grpc_out={out}",
                    f"--plugin=protoc-gen-grpc={program(f'grpc_{language}_plugin')}",
                    *names, "google/rpc/status.proto"], check=True)
    return out


def python(root, folder, protoc):
    try:
        importlib.import_module("grpc"), importlib.import_module("google.protobuf")
    except ImportError as missing:
        skip(str(missing))
    out = stubs(root, folder, protoc, "python")
    environment = {"PYTHONPATH": str(out), "PYTHONDONTWRITEBYTECODE": "1"}
    client = root / "examples" / "python_grpc" / "client.py"
    return lambda socket, log, *more: command(
        [sys.executable, client, "--socket", socket, "--log", log, *more], environment)


def ruby(root, folder, protoc):
    interpreter = program("ruby")
    if subprocess.run([interpreter, "-e", "require 'grpc'"], capture_output=True).returncode != 0:
        skip("ruby-grpc is not installed")
    out = stubs(root, folder, protoc, "ruby")
    client = root / "examples" / "ruby_grpc" / "client.rb"
    return lambda socket, log: command([interpreter, "-I", out, client, socket, log], {})


def node(root, folder, _protoc):
    interpreter, npm = program("node"), program("npm")
    copy = folder / "node_grpc"
    shutil.copytree(root / "examples" / "node_grpc", copy)
    done([npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], copy,
         seconds=90)
    words = [interpreter, copy / "client.mjs", "--protos", protos_of(root)[0]]
    return lambda socket, log: command([*words, "--socket", socket, "--log", log], {})


def go(root, folder, protoc):
    """With modules; what go downloads stays in its own cache, as for any program."""
    compiler = program("go")
    copy, tools = folder / "go_grpc", folder / "tools"
    shutil.copytree(root / "examples" / "go_grpc", copy)
    for tool in ("google.golang.org/protobuf/cmd/protoc-gen-go@v1.34.2",
                 "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.4.0"):
        done([compiler, "install", tool], copy, GOBIN=str(tools))
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    subprocess.run(["sh", copy / "stubs.sh", root / "grpc" / "proto"], cwd=copy, env=environment,
                   check=True)
    done([compiler, "mod", "download"], copy)
    subprocess.run([compiler, "build", "-o", "client", "."], cwd=copy, check=True, timeout=240)
    return lambda socket, log: command([copy / "client", "-socket", socket, "-log", log], {})


BUILDERS = {"python": python, "ruby": ruby, "node": node, "go": go}
