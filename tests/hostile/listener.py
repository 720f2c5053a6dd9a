"""Somebody on the machine who is listening: whoever calls has left their room."""

from __future__ import annotations

import select
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Listener"]


class Listener:
    """Listens on TCP, UDP, a socket file and an abstract name, and notes every contact."""

    def __init__(self, folder: Path) -> None:
        self.contacts: list[str] = []
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._file = socket.socket(socket.AF_UNIX)
        self._path = folder / "ear"
        self._file.bind(str(self._path))
        self._path.chmod(0o777)
        self._file.listen()
        self._name = f"hostile-ear-{self._tcp.getsockname()[1]}"
        self._abstract = socket.socket(socket.AF_UNIX)
        self._abstract.bind("\0" + self._name)
        self._abstract.listen()
        self._end, self._ending = socket.socketpair()
        self._thread = threading.Thread(target=self._listen)

    @property
    def addresses(self) -> dict[str, str]:
        """Where it listens, as the attackers are told."""
        return {
            "TCP": str(self._tcp.getsockname()[1]),
            "UDP": str(self._udp.getsockname()[1]),
            "UNIX": str(self._path),
            "ABSTRACT": self._name,
        }

    def _listen(self) -> None:
        ears = {"TCP": self._tcp, "UDP": self._udp, "a file": self._file, "an abstract name": self._abstract}
        while True:
            ready, _, _ = select.select([*ears.values(), self._ending], [], [])
            if self._ending in ready:
                return
            for name, ear in ears.items():
                if ear in ready:
                    self.contacts.append(f"{name}: {self._heard(ear)!r}")

    @staticmethod
    def _heard(ear: socket.socket) -> bytes:
        if ear.type == socket.SOCK_DGRAM:
            return ear.recv(4096)
        caller, _ = ear.accept()
        with caller:
            caller.settimeout(1)
            try:
                return caller.recv(4096)
            except OSError:
                return b""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.send(b"x")
        self._thread.join(10)
        for one in (self._tcp, self._udp, self._file, self._abstract, self._end, self._ending):
            one.close()
        self._path.unlink()
