"""From YAML files to an immutable `Library`: the only room that reads knowledge files."""

from bot.library.load import load_library, read_version

__all__ = ["load_library", "read_version"]
