"""What all servers of the bot have in common."""

import socket

from bot.faces.http.server import LOOPBACK, listener


def test_the_end_of_an_answer_does_not_wait_for_the_acknowledgement_of_its_beginning() -> None:
    with (
        listener(LOOPBACK, 0) as door,
        socket.create_connection(door.getsockname(), timeout=60),
        door.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
