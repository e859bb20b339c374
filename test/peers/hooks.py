"""Starts the hooks of a charm on the Python library: each in a process of its own, forked from one that has loaded the library.

Loading it takes most of a hook's time. Nothing else is shared: the parent runs no charm. Whoever connects sends a word that only the
test knows, the charm's folder, the two files that the hook's output goes to, and the environment, in fields that end in NUL, and gets the
exit code. It ends with its standard input.
"""

import logging
import os
import runpy
import select
import socket
import sys

import charmlibs.interfaces.tls_certificates  # noqa: F401
import ops  # noqa: F401


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


serve()
