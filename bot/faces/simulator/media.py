"""Stickers, photos and documents as the Bot API describes them; real files are behind documents only."""

from zlib import crc32

from bot.faces.simulator.entities import JSON


def sticker(emoji: str) -> JSON:
    """Return the field of a sticker message."""
    size = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": {**_file("sticker"), "type": "regular", "emoji": emoji, **size}}


def photo(upload: bytes = b"") -> JSON:
    """Return the field of a photo message: two sizes, small first; another upload has other names."""
    name = f"photo-{crc32(upload):x}" if upload else "photo"
    return {"photo": [{**_file(f"{name}-{side}"), "width": side, "height": side} for side in (90, 800)]}


def document(name: str, upload: bytes) -> JSON:
    """Return the field of a message with a file; `name` is what its sender calls it."""
    file = _file(f"document-{crc32(upload):x}") | {"file_size": len(upload)}
    return {"document": {**file, "file_name": name}}


def _file(name: str) -> JSON:
    return {"file_id": f"local-{name}", "file_unique_id": f"unique-{name}", "file_size": 1000}
