"""A JupyterHub of its own for a load test: started, measured and stopped, on this machine alone."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
import psutil

HERE = Path(__file__).resolve().parent
CONFIG = HERE / "jupyterhub_config.py"
PATIENCE = 60  # seconds until it answers, and until all that it started has ended
KERNEL = "ipykernel_launcher"
LAST = 3000  # letters of its log that are shown where it fails


class Taken(NamedTuple):
    """What processes take: their proportional set size in megabytes, and the processor's time that they have used."""

    memory: float = 0.0
    seconds: float = 0.0

    def __add__(self, other: Taken) -> Taken:  # type: ignore[override]
        return Taken(self.memory + other.memory, self.seconds + other.seconds)


class Hub:
    """A running hub with its proxy and the servers of its students."""

    def __init__(self, folder: Path) -> None:
        front, behind, proxy = free_ports(3)
        self.url = f"http://127.0.0.1:{front}"
        self.password = secrets.token_urlsafe(12)
        self._log = folder / "hub.log"
        self._api = f"http://127.0.0.1:{behind}/hub/api"  # by which the servers of this hub are known
        command = [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG), f"--JupyterHub.bind_url={self.url}/"]
        command += [f"--JupyterHub.hub_port={behind}", f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{proxy}"]
        environment = {**os.environ, "CLASS_PASSWORD": self.password}
        with self._log.open("wb") as log:
            # In a session of its own, so that Ctrl-C reaches this program alone, which then stops the hub.
            self._process = psutil.Popen(
                command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                httpx.get(f"{self.url}/hub/health").raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("the hub does not answer")

    def said(self) -> str:
        """Return the end of its log."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-LAST:]

    def family(self) -> list[psutil.Process]:
        """Return all that it has started, itself included, and what has been left alone by its parent."""
        children = self._process.children(recursive=True) if self._process.is_running() else []
        everywhere = psutil.process_iter(["environ"])
        orphans = (it for it in everywhere if (it.info["environ"] or {}).get("JUPYTERHUB_API_URL") == self._api)
        return [*{self._process, *children, *orphans}]

    def taken(self) -> dict[tuple[str, bool], Taken]:
        """Return what is taken by the server of each student, their kernel (True), and all else (an empty name)."""
        sums: dict[tuple[str, bool], Taken] = {}
        for process in self.family():
            try:
                info, times = process.memory_full_info(), process.cpu_times()
                own = process.environ().get("JUPYTERHUB_USER", ""), KERNEL in process.cmdline()
            except psutil.NoSuchProcess:
                continue
            size = getattr(info, "pss", info.uss)  # only Linux knows the first
            sums[own] = sums.get(own, Taken()) + Taken(size / 1e6, times.user + times.system)
        return sums

    def stop(self) -> None:
        """End all that it has started."""
        family = self.family()
        if self._process.is_running():
            self._process.terminate()
        _, left = psutil.wait_procs(family, timeout=PATIENCE)
        for process in {*left, *self.family()}:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens at."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def running() -> Iterator[Hub]:
    """Run a hub in a folder that is gone afterwards, and leave no process behind, however it ends."""
    ends = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
    for end in ends:
        signal.signal(end, signal.default_int_handler)
    with TemporaryDirectory() as folder:
        hub = Hub(Path(folder))
        try:
            hub.wait()
            yield hub
        except Exception:
            print(hub.said(), file=sys.stderr)
            raise
        finally:
            for end in ends:
                signal.signal(end, signal.SIG_IGN)  # a second one would leave processes behind
            hub.stop()
