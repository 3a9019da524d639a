"""The program's event loop: names are looked up beside everything else."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event

import pytest

from bot.loop import Found, Loop

LONG = 60.0  # seconds; nobody waits so long unless something waits that should not


@dataclass(slots=True)
class DeadNetwork:
    """Where the system finds no name and does not say so either, until it is let go."""

    asked: Event = field(default_factory=Event)
    let_go: Event = field(default_factory=Event)
    waited: list[bool] = field(default_factory=list)

    def look_up(self, *_: object) -> Found:
        self.asked.set()
        self.waited.append(self.let_go.wait(LONG))
        raise socket.gaierror(socket.EAI_AGAIN, "nobody answers")

    def loop(self) -> Loop:
        loop = Loop()
        loop.look_up = self.look_up
        return loop


@pytest.fixture
def network() -> Iterator[DeadNetwork]:
    network = DeadNetwork()
    yield network
    network.let_go.set()


async def begun(network: DeadNetwork) -> "asyncio.Task[Found]":
    """Begin to look a name up."""
    looking = asyncio.create_task(asyncio.get_running_loop().getaddrinfo("nobody.example", 443))
    await asyncio.to_thread(network.asked.wait)
    return looking


def test_the_end_does_not_wait_for_a_name(network: DeadNetwork) -> None:
    """A program that is done ends, while the system still looks for a name."""

    async def work() -> bool:
        return (await begun(network)).done()

    with asyncio.Runner(loop_factory=network.loop) as runner:
        was_found = runner.run(work())

    assert (was_found, network.waited) == (False, [])


def test_other_work_in_threads_goes_on(network: DeadNetwork) -> None:
    """However many names are looked up, the threads for everything else are free."""

    async def work() -> str:
        names = [await begun(network) for _ in range(100)]
        done = await asyncio.to_thread(lambda: "done")
        assert not any(name.done() for name in names)
        return done

    with asyncio.Runner(loop_factory=network.loop) as runner:
        assert runner.run(work()) == "done"


def test_a_name_that_is_not_found_is_an_error_as_usual(network: DeadNetwork) -> None:
    """What the system says of a name reaches whoever asked."""

    async def work() -> None:
        looking = await begun(network)
        network.let_go.set()
        await looking

    with asyncio.Runner(loop_factory=network.loop) as runner, pytest.raises(socket.gaierror, match="nobody answers"):
        runner.run(work())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", None])
def test_addresses_are_those_of_the_system(host: str | None) -> None:
    """What is found is what Python finds."""

    async def work() -> Found:
        return await asyncio.get_running_loop().getaddrinfo(host, 80, type=socket.SOCK_STREAM)

    with asyncio.Runner(loop_factory=Loop) as runner:
        assert runner.run(work()) == socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)


CANNOT_BE = {"too long": (f"{'a' * 64}.example", 80, UnicodeError), "no port": ("localhost", 2**70, OverflowError)}


@pytest.mark.parametrize(("host", "port", "error"), CANNOT_BE.values(), ids=CANNOT_BE)
def test_what_cannot_be_an_address_is_an_error(host: str, port: int, error: type[Exception]) -> None:
    """Whoever asks for what has no form that could be looked up is told so."""

    async def work() -> Found:
        return await asyncio.get_running_loop().getaddrinfo(host, port)

    with asyncio.Runner(loop_factory=Loop) as runner, pytest.raises(error):
        runner.run(work())
