"""A real mail server on loopback, which keeps what it gets or refuses it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class Sink:
    """Keeps letters; answers `refusals` one after the other before it takes any."""

    def __init__(self, *refusals: str) -> None:
        self.refusals = list(refusals)
        self.letters: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802  (its protocol)
        if self.refusals:
            return self.refusals.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append((list(envelope.rcpt_tos), message_from_bytes(content, policy=default)))
        return "250 OK"


@contextmanager
def mail_server(sink: Sink, settings: Any) -> Iterator[Sink]:
    """Serve on a free port, and name the server in the settings."""
    with socket.socket() as probe:  # the library has to know its port before it opens it
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    try:
        yield sink
    finally:
        controller.stop()
