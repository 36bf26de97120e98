"""Connections that misbehave, and what they cost the program."""

from __future__ import annotations

import contextlib
import http.client
import resource
import socket
import threading
from pathlib import Path
from typing import Iterator

PATIENCE = 5  # seconds for an honest request: less than any time at which the server gives up on a connection
ATTACKER, STRANGER = '127.0.0.1', '127.0.0.77'  # each is a peer


def allow_descriptors(count: int) -> None:
    """This process may open so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count if hard == resource.RLIM_INFINITY else min(count, hard), hard))


class Crowd:
    """Connections from one address; what becomes of any of them is no error."""

    def __init__(self, port: int, source: str = ATTACKER):
        self.port, self.source = port, source
        self.sockets: list[socket.socket] = []

    def grow(self, count: int, first: bytes = b'', window: int = 0) -> None:
        """`window`: bytes that a connection takes before they are read."""
        for _ in range(count):
            connection = socket.socket()
            if window:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            self.sockets.append(connection)
            connection.settimeout(PATIENCE)
            with contextlib.suppress(OSError):
                connection.bind((self.source, 0))
                connection.connect(('127.0.0.1', self.port))
                connection.sendall(first)

    def say(self, text: bytes) -> int:
        """To all; how many could still be told."""
        told = 0
        for connection in self.sockets:
            with contextlib.suppress(OSError):
                connection.send(text, socket.MSG_DONTWAIT)
                told += 1
        return told

    def leave(self) -> None:
        for connection in self.sockets:
            connection.close()
        self.sockets.clear()


@contextlib.contextmanager
def crowd(port: int, source: str = ATTACKER) -> Iterator[Crowd]:
    allow_descriptors(2048)
    made = Crowd(port, source)
    try:
        yield made
    finally:
        made.leave()


@contextlib.contextmanager
def meanwhile(act) -> Iterator[None]:
    """Does it over and over on a thread of its own, until the context ends; its errors are the test's."""
    is_over, errors = threading.Event(), []

    def run() -> None:
        try:
            while not is_over.is_set():
                act()
        except Exception as error:  # pylint: disable=broad-except
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
    assert not errors, errors


def scrape(port: int, source: str, context=None, path: str = '/metrics') -> bytes:
    """An honest request on a connection of its own."""
    address = (source, 0)
    if context:
        connection = http.client.HTTPSConnection('127.0.0.1', port, timeout=PATIENCE, source_address=address,
                                                 context=context)
    else:
        connection = http.client.HTTPConnection('127.0.0.1', port, PATIENCE, source_address=address)
    with contextlib.closing(connection):
        connection.request('GET', path)
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()


def descriptors(pid: int) -> int:
    return len(list(Path(f'/proc/{pid}/fd').iterdir()))


def resident_bytes(pid: int) -> int:
    return int(Path(f'/proc/{pid}/statm').read_text().split()[1]) * resource.getpagesize()
