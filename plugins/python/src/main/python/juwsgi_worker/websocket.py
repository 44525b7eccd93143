"""A WebSocket of one request: the gateway speaks the protocol, here are whole messages."""

from __future__ import annotations

from .frames import HEADER, MAX_PAYLOAD, SEND, WEBSOCKET
from .link import Feed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .core import Core
    from .link import Link

TEXT = 1
"""In SEND: the message is a text."""

AHEAD = 1 << 20
"""Who sends and never receives has no more than so many bytes of messages wait for it here."""

_pack = HEADER.pack


class WebSocket:
    """Used by the core's thread."""

    def __init__(self, core: Core, id: int, feed: Feed) -> None:
        self._core = core
        self._id = id
        self._feed = feed

    @classmethod
    def open(cls, core: Core, link: Link, id: int, protocol: bytes) -> WebSocket:
        """Asks the gateway for it.

        :raises OSError: when the request asks for no WebSocket
        """
        feed = Feed(b"")
        link.listen(id, feed)
        core.tell(_pack(len(protocol), WEBSOCKET, 0, 0, id, 0, 0) + protocol)
        while feed.accepted is None and not feed.ended:
            core.wait_body(feed)
        if not feed.accepted:
            link.forget(id)
            raise OSError("unable to complete websocket handshake")
        return cls(core, id, feed)

    def receive(self) -> bytes:
        """Waits for the next message."""
        feed = self._feed
        while not feed.parts:
            if feed.ended:
                raise OSError("unable to receive websocket message")
            self._core.wait_body(feed)
        return feed.take()

    def receive_now(self) -> bytes:
        """Returns the next message, or nothing."""
        feed = self._feed
        if not feed.parts and not feed.ended:
            self._core.look()
        if feed.parts:
            return feed.take()
        if feed.ended:
            raise OSError("unable to receive websocket message")
        return b""

    def send(self, message: bytes, text: bool) -> None:
        """Sends a message; waits while the client is slow."""
        if len(message) > MAX_PAYLOAD:
            raise ValueError(f"websocket message: {len(message)} bytes (expected: at most {MAX_PAYLOAD})")
        core = self._core
        # Who only sends hears of the end here.
        if not self._feed.ended and self._feed.size < AHEAD:
            core.look()
        if self._feed.ended:
            raise OSError("unable to send websocket message")
        core.tell(_pack(len(message), SEND, 0, 0, self._id, TEXT if text else 0, 0) + message)
