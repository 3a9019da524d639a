"""Files that people send: the bot learns where one is, then fetches what it holds."""

from typing import TYPE_CHECKING

from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import NOT_FOUND, bad_request

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

LARGEST = 20_000_000  # bytes a bot may fetch, as getFile says
FOLDER = "documents/"


class Files:
    """What files hold, by file_id."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def put(self, file_id: str, content: bytes) -> None:
        """Keep a file."""
        self._contents[file_id] = content

    def get(self, file_id: str) -> bytes | None:
        """Return what a file holds; None where there is none."""
        return self._contents.get(file_id)


def get_file(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out getFile."""
    name = given.required("file_id")
    content = world.files.get(name)
    if content is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(content) > LARGEST:
        raise bad_request("file is too big")
    where = {"file_size": len(content), "file_path": FOLDER + name}
    return {"file_id": name, "file_unique_id": f"unique-{name}", **where}


def fetched(world: "LocalTelegram", token: str, path: str) -> tuple[int, bytes]:
    """Return the status and the body of a fetched file."""
    content = world.files.get(path.removeprefix(FOLDER)) if token == world.token else None
    return (NOT_FOUND[0], NOT_FOUND[1].encode()) if content is None else (200, content)
