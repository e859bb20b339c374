"""Starts the hooks of a charm on the Python library: each in a process of its own, forked from one that has loaded the library.

Loading it takes most of a hook's time. Nothing else is shared: the parent runs no charm. Whoever connects sends a word that only the
test knows, the charm's folder, the two files that the hook's output goes to, and the environment, in fields that end in NUL, and gets the
exit code. It ends with its standard input. The arguments name what is loaded.

A hook asks the agent itself what its tools would ask: a process for each of some thirty calls takes longer than the hook.
"""

import importlib
import logging
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile

START_PROGRAM = subprocess.run


def ask(tool: str, args: list[str], stdin: str | None) -> tuple[int, str]:
    """What the script of the tools does (jujuc.sh): one request, and an exit code with what is printed."""
    path = ""
    if stdin is not None and ("--file=-" in args or "--file -" in " ".join(args)):
        descriptor, path = tempfile.mkstemp()
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(stdin)
    host, _, port = os.environ["JUJU_AGENT_SOCKET_ADDRESS"].rpartition(":")
    with socket.create_connection((host, int(port))) as agent:
        fields = [os.environ["JUJU_CONTEXT_ID"], tool, path, str(len(args)), *args]
        agent.sendall("".join(f"{field}\0" for field in fields).encode())
        with agent.makefile("rb") as answer:
            code, _, text = answer.read().partition(b"\n")
    return int(code or b"1"), text.decode()


def run_program(args, *, input=None, capture_output=False, stdout=None, stderr=None, check=False, **more):
    """`subprocess.run`, which asks the agent where the program is a tool of the hook."""
    tools = os.environ.get("PATH", "").split(":")[0]
    path = os.path.join(tools, os.path.basename(args[0]))
    if not os.path.islink(path) or os.readlink(path) != "jujuc":
        given = {"input": input, "capture_output": capture_output, "check": check, **more}
        given.update({} if stdout is None else {"stdout": stdout}, **({} if stderr is None else {"stderr": stderr}))
        return START_PROGRAM(args, **given)
    code, text = ask(os.path.basename(path), list(args[1:]), input)
    said, complaint = (text, "") if code == 0 else ("", text)
    if not (capture_output or stderr == subprocess.PIPE):
        sys.stderr.write(complaint)
    if not (capture_output or stdout == subprocess.PIPE):
        sys.stdout.write(said)
    if code != 0 and check:
        raise subprocess.CalledProcessError(code, args, said, complaint)
    return subprocess.CompletedProcess(args, code, said, complaint)


def read(connection: socket.socket) -> list[str]:
    received = b""
    while not received.endswith(b"\0\0"):
        chunk = connection.recv(65536)
        if not chunk:
            return []
        received += chunk
    return received[:-2].decode().split("\0")


def run(folder: str, stdout: str, stderr: str, variables: list[str]) -> int:
    """The hook, in the process that is its own."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variable.split("=", 1) for variable in variables)
    for path, descriptor in ((stdout, 1), (stderr, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), descriptor)
    # Each line of the log is a call of a tool, which takes longer than the work itself.
    logging.disable(logging.INFO)
    subprocess.run = run_program
    sys.argv = ["src/charm.py"]
    sys.path.insert(0, "src")
    try:
        runpy.run_path("src/charm.py", run_name="__main__")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def answer(connection: socket.socket, word: str) -> None:
    said, *call = read(connection) or [""]
    if said != word or len(call) < 3:
        return
    child = os.fork()
    if child == 0:
        code = run(call[0], call[1], call[2], call[3:])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def serve() -> None:
    word = sys.stdin.readline().strip()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            ready, _, _ = select.select([listening, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = listening.accept()
            with connection:
                answer(connection, word)


for name in sys.argv[1:]:
    importlib.import_module(name)
serve()
