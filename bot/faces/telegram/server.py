"""Where the Bot API is."""

from dataclasses import dataclass

BOT = "/bot"


@dataclass(frozen=True, slots=True)
class Server:
    """A Bot API server, and where its files are; `/bot` at the end may be left out."""

    base_url: str
    base_file_url: str

    @property
    def calls(self) -> str:
        """Return what a token and a method are put behind."""
        return _ending(self.base_url)

    @property
    def files(self) -> str:
        """Return what a token and the path of a file are put behind."""
        return _ending(self.base_file_url)


OFFICIAL = Server("https://api.telegram.org/bot", "https://api.telegram.org/file/bot")


def _ending(url: str) -> str:
    bare = url.rstrip("/")
    return bare if bare.endswith(BOT) else bare + BOT
