"""Looks what Telegram says of the bot: its token, its switches, its webhook, its owners, and what time it is there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.faces.telegram.app import UPDATES
from bot.faces.telegram.server import Server
from bot.model.checkup import Check, State
from bot.model.clock import Clock

PATIENCE = 5.0  # seconds of one call
UNKNOWN_TOKEN = {401, 404}
MANY = 100  # updates that wait
RECENT = timedelta(hours=1)  # an error of the webhook is worth a word
FAST = timedelta(seconds=5)  # by which the clock may be off without harm
WRONG = timedelta(minutes=1)  # beyond it ages are wrong and updates look too old

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Installation:
    """What is set: how updates arrive (`polling` or `webhook`), and who owns the bot."""

    server: Server
    token: str
    mode: str
    owners: Sequence[int]


class UnheardError(Exception):
    """Telegram gave no answer that can be used; the text says why."""


async def look(installation: Installation, clock: Clock) -> tuple[Check, ...]:
    """Ask Telegram about the bot; that it cannot be asked is a finding too."""
    async with httpx.AsyncClient(timeout=PATIENCE) as web:
        try:
            asked = clock()
            status, me, date = await _call(web, installation, "getMe")
            if status in UNKNOWN_TOKEN:
                return (_fail("telegram", "Telegram does not know the token", "copy it again from @BotFather"),)
            _, webhook, _ = await _call(web, installation, "getWebhookInfo")
            strangers = [owner for owner in installation.owners if not await _is_met(web, installation, owner)]
        except UnheardError as error:
            cure = "look at the network, a proxy, telegram.base_url; status pages tell of outages"
            return (_fail("telegram", f"Telegram cannot be asked ({error})", cure),)
    found = me["result"]
    return (
        Check("telegram", State.OK, f"the token is that of @{found.get('username', '')}"),
        *(switch(found) for switch in SWITCHES),
        *_webhook(webhook["result"], installation.mode, asked),
        *(_stranger(owner) for owner in strangers),
        *_clock(date, asked),
    )


async def _call(web: httpx.AsyncClient, installation: Installation, method: str, **given: int) -> tuple[int, Json, str]:
    """Return status, answer and date of a call; the address holds the token, so no error of it is passed on."""
    try:
        answer = await web.post(f"{installation.server.calls}{installation.token}/{method}", json=given)
        body = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise UnheardError(type(error).__name__) from None
    if not isinstance(body, dict) or (answer.is_success and "result" not in body):
        raise UnheardError("an answer of another shape")
    if answer.is_server_error:
        raise UnheardError(f"HTTP {answer.status_code}")
    return answer.status_code, body, answer.headers.get("date", "")


async def _is_met(web: httpx.AsyncClient, installation: Installation, owner: int) -> bool:
    status, _, _ = await _call(web, installation, "getChat", chat_id=owner)
    return status == httpx.codes.OK


def _groups(me: Json) -> Check:
    if me.get("can_join_groups"):
        return Check("groups", State.OK, "it can be added to groups")
    return _warn("groups", "it cannot be added to groups", "@BotFather, /setjoingroups, Enable")


def _privacy(me: Json) -> Check:
    if not me.get("can_read_all_group_messages"):
        return Check("privacy mode", State.OK, "on: in groups it gets commands, mentions and replies to it")
    said = "off: Telegram sends it every message of its groups, though it answers what is addressed to it only"
    return _warn(
        "privacy mode", said, "@BotFather, /setprivacy, Enable; then remove it from its groups and add it again"
    )


def _inline(me: Json) -> Check:
    is_on, is_answered = bool(me.get("supports_inline_queries")), "inline_query" in UPDATES
    if is_on is is_answered:
        return Check("inline mode", State.OK, "on" if is_on else "off")
    said = "on, and this program does not answer it" if is_on else "off, so it cannot be asked in other chats"
    return _warn("inline mode", said, f"@BotFather, /setinline, {'Turn off' if is_on else 'a placeholder'}")


SWITCHES: tuple[Callable[[Json], Check], ...] = (_groups, _privacy, _inline)


def _webhook(found: Json, mode: str, now: datetime) -> Iterator[Check]:
    """Say how updates arrive; of an address only the host is shown, the rest may be secret."""
    url, waiting = str(found.get("url", "")), int(found.get("pending_update_count", 0))
    if url and mode == "polling":
        said = f"a webhook is set (at {urlsplit(url).hostname}) though telegram.mode is polling"
        yield _warn("updates", said, "`run` removes it; another program may be at work with this token")
    elif not url and mode == "webhook":
        yield _warn("updates", "no webhook is set though telegram.mode is webhook", "`run` sets it")
    else:
        yield Check("updates", State.OK, f"arrive by {mode}, {waiting} waiting")
    if waiting > MANY:
        yield _warn("updates", f"{waiting} wait to be fetched", "start the bot, or look into its log")
    if is_recent(found.get("last_error_date"), now):
        said = f"Telegram could not deliver lately: {found.get('last_error_message', '')}"
        yield _warn("webhook", said, "docs/runbook.md, webhook trouble")


def is_recent(moment: object, now: datetime) -> bool:
    """Tell whether a moment, in seconds since 1970, was lately."""
    return isinstance(moment, int) and now - datetime.fromtimestamp(moment, UTC) < RECENT


def _stranger(owner: int) -> Check:
    return _warn("owners", f"{owner} has not written to the bot yet", "send it /start from that account")


def _clock(date: str, now: datetime) -> Iterator[Check]:
    try:
        off = abs(parsedate_to_datetime(date) - now)
    except (TypeError, ValueError):
        return
    said, cure = f"{off.total_seconds():.0f} s off Telegram's", "let it be set by NTP: timedatectl set-ntp true"
    if off > FAST:
        yield Check("clock", State.FAIL if off > WRONG else State.WARN, said, cure)
    else:
        yield Check("clock", State.OK, "agrees with Telegram's")


def _warn(name: str, what: str, cure: str) -> Check:
    return Check(name, State.WARN, what, cure)


def _fail(name: str, what: str, cure: str) -> Check:
    return Check(name, State.FAIL, what, cure)
