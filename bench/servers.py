"""Servers to measure: started on a free port of the loopback, with what they cost in CPU."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
THREADS = 16


class Server:
    """A server that runs, and the processes that it consists of."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def cpu(self) -> float:
        """Return the CPU seconds that all its processes have used so far."""
        return sum(_cpu_of(pid) for pid in _family(self.process.pid))

    def memory(self) -> int:
        """Return the resident memory of all its processes, in MB."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in _family(self.process.pid))
        return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000

    def browser(self) -> "Browser":
        return Browser(self.port)


class Browser:
    """One keep-alive connection with cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Send one request and return status, body and headers."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        if form is not None:
            body = urlencode({**form, **({"csrf_token": self.token} if self.token else {})}).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                pair = value.split(";")[0].split("=", 1)
                self.cookies[pair[0]] = pair[1]
        return answer.status, content, {name.lower(): value for name, value in answer.getheaders()}


@contextmanager
def platform(environment: Mapping[str, str], *, workers: int = 1) -> Iterator[Server]:
    """Serve the platform."""
    yield from _serve(
        lambda port: [sys.executable, "-m", "training.cli", "serve", "--port", str(port), "--workers", str(workers)],
        {**environment},
        "/healthz",
    )


@contextmanager
def bare(folder: Path, *, workers: int = 1) -> Iterator[Server]:
    """Serve the bare application, on the same server with as many workers and threads."""
    yield from _serve(
        lambda port: [
            str(Path(sys.executable).parent / "granian"),
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--workers",
            str(workers),
            "--blocking-threads",
            str(THREADS),
            "--no-ws",
            "bench.bare:app",
        ],
        {"BARE_DATABASE": str(folder / "bare.sqlite3")},
        "/page?bytes=100",
    )


def _serve(command: object, environment: Mapping[str, str], probe: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command(port),  # type: ignore[operator]
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port, probe)
        yield Server(process, port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(port: int, probe: str) -> None:
    for _attempt in range(900):
        try:
            status, _body, _headers = Browser(port).ask("GET", probe)
            if status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def _family(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    family = [root]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
