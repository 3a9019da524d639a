"""Lines to providers: each carries requests over one kind of wire, bounded in time and size, or says why not."""

from bot.stats.line.electrum import ElectrumLine
from bot.stats.line.http import HttpLine
from bot.stats.line.protocol import Ask, Line
from bot.stats.settings import Kind, ProviderSettings

__all__ = ["Ask", "Line", "open_line"]


def open_line(settings: ProviderSettings) -> Line:
    """Return the line to a provider; close it with `aclose`."""
    match settings.kind:
        case Kind.ELECTRUM:
            return ElectrumLine(settings.base_url, settings.timeout)
        case Kind.HTTP | Kind.RPC:
            headers = {settings.key_header: settings.key} if settings.key_header and settings.key else {}
            login = (settings.user, settings.key or "") if settings.kind is Kind.RPC else None
            return HttpLine(settings.base_url, settings.timeout, headers, login)
