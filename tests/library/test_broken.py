"""Broken knowledge files, one defect each: one error that names file, line and cure, and never a traceback."""

# ruff: noqa: E501 - a table, which no formatter may break up
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.library import load_library
from bot.lint import lint
from bot.model.finding import Finding, Level, read_finding
from bot.stats import STATS

PACK = """\
title: Cats and dogs
sides:
  cat: {name: Cat, ticker: CAT}
  dog: {name: Dog, ticker: DOG}
sources:
  book: {title: A book, url: "https://example.org/book"}
"""
ENTRY = """\
food:
  ask:
    - what do they eat
    - feeding
  verdict: Both eat meat.
  detail: Less when it is hot.
  live: [price]
  sources: [book]
  as_of: 2026-05-15
  see: [sleep]
"""
OTHER = """\
sleep:
  ask: [where do they sleep]
  verdict: Anywhere.
  sources: [book]
  as_of: 2026-05-15
  see: [food]
"""
REFUSALS = "birds:\n  title: Birds\n  ask: [do you know parrots]\n  say: I know no birds.\n  see: [food]\n"
EXAM = "answer:\n  food:\n    - dinner\nrefuse:\n  birds: [owl]\nsilence: [lol]\n"
SOUND = {"pack": PACK, "food": ENTRY, "other": OTHER, "refusals": REFUSALS, "exam": EXAM}
END = "at the end"  # of a file
TODAY = date(2026, 11, 23)
CLAIM = "  claims:\n    - {metric: price, coin: btc, relation: over, value: 1, as_of: 2026-05-15}\n"


@dataclass(frozen=True, slots=True)
class Broken:
    """A sound pack with `old` replaced by `new` in `file`, or other files altogether; and what is said of it."""

    file: str
    old: str
    new: str
    line: int
    what: str
    cure: str
    files: dict[str, bytes] = field(default_factory=dict)


def added(file: str, text: str, line: int, what: str, cure: str) -> Broken:  # noqa: PLR0917 - a row of the table
    """Return a defect at the end of a file."""
    return Broken(file, END, text, line, what, cure)


def alone(name: str, content: bytes, line: int, what: str, cure: str) -> Broken:  # noqa: PLR0917 - a row of the table
    """Return a defect in a file of its own."""
    return Broken(name, "", "", line, what, cure, {name: content})


EAT = "    - what do they eat\n"
VERDICT = "  verdict: Both eat meat.\n"
DETAIL = "  detail: Less when it is hot.\n"
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
BROKEN = {
    # what YAML itself can be
    "tag": Broken("food", "2026-05-15", "!!timestamp 2026-05-15", 9, "is a tag", "leave it out"),
    "code in a tag": Broken("food", "Both eat meat.", "!!python/name:os.system", 5, "is a tag", "leave it out"),
    "duplicate field": Broken("food", DETAIL, DETAIL * 2, 7, "'detail' stands here a second time", "rename or merge"),
    "duplicate id": added("food", OTHER + OTHER, 17, "'sleep' stands here a second time", "rename or merge"),
    "anchor": Broken("food", "Both eat meat.", "&meat Both eat meat.", 5, "'&meat' is an anchor", "quote the text"),
    "alias": Broken("food", "Both eat meat.", "*meat", 5, "'*meat' is an alias", "quote the text"),
    "merge key": Broken("food", DETAIL, "  <<: {detail: x}\n", 6, "'<<' merges mappings", "write the fields out"),
    "two documents": added("food", "---\na: b\n", 11, "a second document starts here", "keep one document a file"),
    "list as a key": Broken("food", DETAIL, "  ? [a, b]\n  : c\n", 6, "a key must be plain text", "quote it"),
    "keys in keys": alone("x.yml", b"{" * 500, 1, "a key must be plain text", "quote it"),
    "lists in lists": alone("x.yml", b"a: " + b"[" * 500, 1, "nested deeper than 12", "check the indents"),
    "brackets without end": alone("x.yml", b"[" * 5000, 1, "exceeded maximum nesting depth", "check the brackets"),
    "tab for an indent": Broken("food", "  verdict", "\tverdict", 5, "a tab character", "spaces, not tabs"),
    "colon in a text": Broken("food", "Both eat", "Both eat: much", 5, "mapping values are not allowed", "quote"),
    "open quote": Broken("food", "Both eat meat.", "'Both eat meat.", 5, "unexpected end of stream", "close the quote"),
    "open bracket": Broken("food", "[price]", "[price", 8, "not valid YAML", "close the bracket"),
    "shifted field": Broken("food", "  detail", " detail", 6, "not valid YAML", "check the indent"),
    "shifted list item": Broken("food", "    - feeding", "   - feeding", 4, "not valid YAML", "check the indent"),
    "field without colon": Broken(
        "food", "  see: [sleep]\n", "  see\n", 10, "could not find expected ':'", "needs a colon"
    ),
    "reserved sign": Broken("food", "Both eat", "@Both eat", 5, "cannot start any token", "quote a text"),
    "text after a quote": Broken("food", "Both eat meat.", "'Both' eat meat.", 5, "not valid YAML", "quote"),
    "invalid escape": Broken("food", "Both eat meat.", '"Both \\q meat."', 5, "unknown escape", "backslash"),
    # signs nobody sees
    "NUL": Broken("food", "Both eat", "Both\0eat", 5, "a NUL byte stands here", "delete it"),
    "NUL by escape": Broken("food", "Both eat meat.", '"Both\\0eat"', 5, "the text holds a NUL byte", "remove it"),
    "control character": Broken("food", "Both eat", "Both\x07eat", 5, "(U+0007) stands here", "delete it"),
    "no-break space": Broken("food", "Both eat", "Both\u00a0eat", 5, "a no-break space", "type a plain space"),
    "no-break indent": Broken("food", "  verdict", "\u00a0\u00a0verdict", 5, "a no-break space", "type a plain space"),
    "turned direction": Broken("food", "Both eat", "Both \u202etae", 5, "(U+202E) stands here", "delete it"),
    "direction in a comment": Broken("food", EAT, EAT[:-1] + "  # \u2066x\n", 3, "(U+2066) stands here", "delete it"),
    "direction by escape": Broken("food", "Both eat meat.", '"Both \\u202e"', 5, "(U+202E)", "remove it"),
    "space of no width": Broken("food", "Both eat", "Bo\u200bth eat", 5, "a space of no width", "delete it"),
    "curly quotes": Broken("food", "Both eat meat.", "“Both eat meat.”", 5, "'“' is not a quote", "type a plain quote"),
    "curly quotes in a list": Broken("food", "[price]", "[“price”]", 7, "'“' is not a quote", "type a plain quote"),
    "curly quotes around a key": Broken("food", "  live:", "  “live”:", 7, "'“' is not a quote", "type a plain quote"),
    # files
    "UTF-16": alone("x.yml", "a: b\n".encode("utf-16"), 1, "not UTF-8 text", "save the file as UTF-8"),
    "UTF-16 without a mark": alone("x.yml", "a: b\n".encode("utf-16-le"), 1, "a NUL byte", "delete it"),
    "Latin-1": alone("x.yml", b"a:\n  ask: caf\xe9\n", 2, "not UTF-8 text", "save the file as UTF-8"),
    "oversize file": alone("x.yml", b"# " + b"x" * 1_000_000, 1, "larger than 1,000,000 bytes", "split it by topic"),
    "a list": alone("x.yml", b"- ask: x\n", 1, "must be a mapping of 'id:' blocks", "start with 'id:'"),
    "only text": alone("x.yml", b"hello\n", 1, "must be a mapping of 'id:' blocks", "start with 'id:'"),
    "the same name twice": Broken(
        "other.yml", "", "", 1, "other.yaml has the same name", "rename one", {"other.yaml": b""}
    ),
    "too many entries": alone(
        "x.yml", b"a%d: {}\n" * 1001 % tuple(range(1001)), 1001, "more than 1,000 blocks", "split"
    ),
    # fields
    "unknown field": Broken("food", "  detail", "  detial", 6, "'detial' is not a field", "did you mean 'detail'?"),
    "no phrasing": Broken("other", "[where do they sleep]", "[]", 2, "'ask' is empty", "give at least one"),
    "no ask": Broken("other", "  ask: [where do they sleep]\n", "", 1, "'ask' is missing", "add 'ask:' here"),
    "no verdict": Broken("food", VERDICT, "", 1, "the field 'verdict' is missing", "add 'verdict:' here"),
    "empty verdict": Broken("food", " Both eat meat.", "", 5, "'verdict' is empty", "write something"),
    "empty phrasing": Broken("food", "- feeding", "-", 4, "'ask' is empty", "write something or remove it"),
    "empty block": Broken("other", OTHER, "sleep:\n", 1, "'sleep' must be a mapping", "write 'field: value' lines"),
    "mapping for a text": Broken(
        "food", "Both eat meat.", "{a: b}", 5, "'verdict' must be text", "write it in one line"
    ),
    "list for a text": Broken("food", "Both eat meat.", "[a, b]", 5, "'verdict' must be text", "write it in one line"),
    "mapping for phrasings": Broken(
        "other", "[where do they sleep]", "{a: b}", 2, "'ask' must be a list", "start each line"
    ),
    "text for a list": Broken("food", "[price]", "price", 7, "'live' must be a list", "start each line with '- '"),
    "endless verdict": Broken("food", "Both eat meat.", "x " * 800, 5, "longer than 1500 characters", "shorten it"),
    "endless phrasing": Broken("food", "feeding", "x " * 300, 4, "longer than 400 characters", "shorten it"),
    "endless title": Broken("food", DETAIL, f"  title: {'x' * 49}\n", 6, "longer than 48 characters", "shorten it"),
    "no such day": Broken("food", "2026-05-15", "2026-02-30", 9, "'2026-02-30' is not a date", "write YYYY-MM-DD"),
    "day as people say it": Broken("food", "2026-05-15", "15 May 2026", 9, "'15 May 2026' is not a date", "write YYYY"),
    "day as a number": Broken("food", "2026-05-15", "86400", 9, "'86400' is not a date", "write YYYY-MM-DD"),
    "unknown label": Broken(
        "food", DETAIL, "  label: fact\n", 6, "'label' must be 'curated' or 'opinion'", "mend 'fact'"
    ),
    "id with capitals in see": Broken("food", "[sleep]", "[Sleep]", 10, "'Sleep' does not fit", "lower-case letters"),
    "long id": added("other", "s" * 33 + ": {ask: [x], verdict: y}\n", 7, "is longer than 32 bytes", "shorten it"),
    "side left out": Broken(
        "food", DETAIL, "  versus:\n    - {what: a, cat: b}\n", 7, "needs exactly", "add or remove dog"
    ),
    "side too many": Broken(
        "food", DETAIL, "  versus:\n    - {what: a, cat: b, dog: c, cow: d}\n", 7, "needs", "remove cow"
    ),
    # references
    "dangling see": Broken("food", "[sleep]", "[slepe]", 10, "'slepe' is not an entry", "did you mean 'sleep'?"),
    "see itself": Broken("food", "[sleep]", "[sleep, food]", 10, "'food' leads to itself", "name another"),
    "dangling see of a refusal": Broken("refusals", "[food]", "[fodo]", 5, "'fodo' is not an entry", "mean 'food'?"),
    "unknown statistic": Broken("food", "[price]", "[pirce]", 7, "'pirce' is not a statistic", "did you mean 'price'?"),
    "unknown source": Broken("food", "[book]", "[bok]", 8, "'bok' is not a source in pack.yml", "did you mean 'book'?"),
    "unknown topic in the exam": Broken(
        "exam", "  food:", "  fodo:", 2, "'fodo' is not a topic", "did you mean 'food'?"
    ),
    "unknown refusal in the exam": Broken("exam", "birds:", "brids:", 5, "'brids' is not a refusal", "mean 'birds'?"),
    "an explorer without a place": added(
        "pack",
        "addresses:\n  {entry: food, legacy: a, segwit: b, cashaddr: c, testnet: d, broken: e, hash: f, explorers: "
        "[{title: X, side: cat, address: https://example.org/a, hash: 'https://example.org/{it}'}]}\n",
        8,
        "'https://example.org/a' does not fit 'address'",
        "ends with {it}",
    ),
    "addresses of an unknown entry": added(
        "pack",
        "addresses:\n  {entry: fodo, legacy: a, segwit: b, cashaddr: c, testnet: d, broken: e, hash: f}\n",
        8,
        "'fodo' is not an entry",
        "did you mean 'food'?",
    ),
    "unknown home": added("pack", "home: fodo\n", 7, "'fodo' is not an entry", "did you mean 'food'?"),
    "id in two files": added("other", "food: {ask: x, verdict: y}\n", 7, "the id 'food' is taken", "choose another"),
    "id of a refusal": added(
        "refusals", "sleep: {title: x, ask: [y], say: z}\n", 6, "'sleep' is taken", "choose another"
    ),
    "twin": Broken("other", "sleep]", "sleep, Feeding?]", 2, "also stands in 'food'", "keep it in one"),
    # addresses
    "http source": Broken("pack", "https:", "http:", 6, "does not fit 'url'", "it must start with https://"),
    "script as a source": Broken(
        "pack", "https://example.org/book", "javascript:alert(1)", 6, "does not fit", "https://"
    ),
    "user in a source": Broken("pack", "//example", "//a:b@example", 6, "holds a user name", "leave it"),
    "source without a host": Broken("pack", "example.org", "", 6, "does not fit 'url'", "https://"),
    "http in a text": Broken("food", "it is hot", "http://x.org", 6, "'http://x.org' is no https address", "https://"),
    "script in a text": Broken("food", "it is hot", "javascript:x()", 6, "is no https address", "https://"),
    "unknown link in a text": Broken("food", "it is hot", "https://x.org", 6, "is no source", "list it in pack.yml"),
    # texts
    "open bracket in a text": Broken("food", "it is hot", "it (is hot", 6, "'(' is never closed", "close it"),
    "bracket closed twice": Broken("food", "it is hot", "it is) hot", 6, "')' closes nothing", "remove it"),
    "open quote in a text": Broken("food", "it is hot", 'it is "hot', 6, "is never closed", "close it"),
    "open stars": Broken("food", "it is hot", "it is **hot", 6, "'**' is never closed", "close it"),
    "tag in a text": Broken("food", "it is hot", "it <b>is</b> hot", 6, "'<b>' is shown as it stands", "plain words"),
    "tag in a refusal": Broken(
        "refusals", "no birds.", "no <i>birds.", 4, "'<i>' is shown as it stands", "plain words"
    ),
    "open bracket in manners": added("pack", "manners: {empty: 'eh ('}\n", 7, "'(' is never closed", "close it"),
    "too long for a message": Broken(
        "food",
        DETAIL,
        DETAIL + "  versus:\n" + f"    - {{what: a, cat: {'x' * 119}, dog: {'x' * 119}}}\n" * 20,
        6,
        "messages",
        "shorten",
    ),
    # claims and dates
    "claim without a number": Broken(
        "food", DETAIL, CLAIM.replace("value: 1", "value: lots"), 7, "not a number", "write"
    ),
    "claim on nothing": Broken("food", DETAIL, CLAIM.replace("price", "prize"), 7, "not a statistic", "mean 'price'?"),
    "claim with a misspelt field": Broken(
        "food", DETAIL, CLAIM.replace("coin", "cion"), 7, "'cion' is not", "mean 'coin'?"
    ),
    "claim nobody can check": Broken(
        "food",
        DETAIL,
        CLAIM.replace("price", "retarget").replace("btc", "bch"),
        7,
        "has no 'retarget'",
        "remove the claim",
    ),
    "claim of a moment as a number": Broken(
        "food", DETAIL, CLAIM.replace("price", "halving"), 7, "is a day", "YYYY-MM-DD"
    ),
    "day to come": Broken("food", "2026-05-15", "2027-05-15", 9, "2027-05-15 is yet to come", "the day you checked"),
    # the other files
    "share above one": added("pack", "exam_floor: 2\n", 7, "'2' does not fit 'exam_floor'", "less than or equal to 1"),
    "share in words": added("pack", "exam_floor: most\n", 7, "'most' is not a number", "write one such as 0.9"),
    "unknown manner": added("pack", "manners: {helo: x}\n", 7, "'helo' is not a field", "known are"),
    "pack without a title": Broken("pack", "title: Cats and dogs\n", "", 1, "'title' is missing", "add 'title:' here"),
    "sides as a list": Broken(
        "pack",
        "  cat: {name: Cat, ticker: CAT}\n  dog: {name: Dog, ticker: DOG}\n",
        "  - cat\n",
        2,
        "'sides' must be a mapping",
        "lines",
    ),
    "quiet perhaps": added("refusals", "  quiet: maybe\n", 6, "'maybe' does not fit 'quiet'", "write true or false"),
    "refusal without words": Broken("refusals", "  say: I know no birds.\n", "", 1, "'say' is missing", "add 'say:'"),
    "empty exam question": Broken("exam", "- dinner", "- ''", 3, "'food' is empty", "write something or remove it"),
    # what is there to do harm
    **{
        f"tag {tag}": Broken("food", "Both eat meat.", f"{tag} x", 5, "is a tag", "leave it out")
        for tag in (
            "!!python/object/apply:os.system",
            "!!python/object/new:os.system",
            "!!python/module:os",
            "!!binary",
            "!!set",
            "!!omap",
            "!!float",
            "!!int",
            "!!null",
            "!!bool",
            "!local",
            "!<tag:yaml.org,2002:str>",
        )
    },
    "tag by directive": alone("x.yml", b"%TAG ! tag:evil.example:\n---\na: !b c\n", 3, "is a tag", "leave it out"),
    "bomb of aliases": alone("x.yml", b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "an anchor", "quote the text"),
    "bomb of merges": alone("x.yml", b"a: {b: {<<: [{c: d}, {c: d}]}}\n", 1, "'<<' merges", "write the fields out"),
    "itself": alone("x.yml", b"a: &a [*a]\n", 1, "'&a' is an anchor", "quote the text"),
    "huge scalar": Broken("food", "Both eat meat.", "x" * 900_000, 5, "longer than 1500 characters", "shorten it"),
    "number of 5,000 digits": added("pack", f"exam_floor: {'9' * 5000}\n", 7, "does not fit 'exam_floor'", "less than"),
    "day of 5,000 digits": Broken("food", "2026-05-15", "9" * 5000, 9, "is not a date", "write YYYY-MM-DD"),
    "claim of 5,000 digits": Broken(
        "food", DETAIL, CLAIM.replace("value: 1", f"value: {'9' * 5000}"), 7, "is not a number", "write 4,000,000"
    ),
    "claim without end": Broken("food", DETAIL, CLAIM.replace("value: 1", "value: 1e999"), 7, "not a number", "write"),
    "unknown field without end": Broken("food", "  detail:", f"  {'d' * 1000}:", 6, "…' is not a field", "known are"),
    "duplicate without end": alone(
        "x.yml", (b"? " + b"k" * 5000 + b"\n: x\n") * 2, 3, "…' stands here a second", "rename"
    ),
    "fields without end": alone(
        "x.yml",
        b"a: {" + b",".join(b"f%d: 1" % one for one in range(2001)) + b"}\n",
        1,
        "more than 2,000 keys",
        "split",
    ),
    "list without end": Broken(
        "food", "[sleep]", f"[{', '.join(['sleep'] * 51)}]", 10, "more than 50 items", "keep the"
    ),
    "phrasings without end": Broken(
        "other",
        "[where do they sleep]",
        f"[{', '.join(f'q{one}' for one in range(1001))}]",
        2,
        "more than 1000",
        "keep",
    ),
    "lists in lists in lines": alone("x.yml", b"- " * 5000, 1, "nested deeper than 12", "check the indents"),
    "UTF-32": alone("x.yml", "a: b\n".encode("utf-32"), 1, "not UTF-8 text", "save the file as UTF-8"),
    "UTF-8 that is too long": alone("x.yml", b"a: \xc0\xaf\n", 1, "not UTF-8 text", "save the file as UTF-8"),
    "half a sign": alone("x.yml", b"a: \xed\xa0\x80\n", 1, "not UTF-8 text", "save the file as UTF-8"),
    "half a sign by escape": Broken("food", "Both eat meat.", '"\\ud800"', 5, "invalid Unicode character", "check"),
    "two byte order marks": alone("x.yml", b"\xef\xbb\xbf" * 2 + b"a: b\n", 1, "(U+FEFF)", "delete it"),
    **{
        f"U+{ord(sign):04X}": Broken("food", "Both eat", f"Both{sign}eat", 5, f"(U+{ord(sign):04X})", "delete it")
        for sign in "\u061c\u115f\u1680\u180e\u2003\u202f\u205f\u2066\u2800\u3000\u3164\uffa0\ue000\ufffb\U0001ffff\U000e0041\U0010ffff"
    },
    "wide indent": Broken("food", "  verdict", "\u3000\u3000verdict", 5, "(U+3000) stands here", "type a plain space"),
    "bot token": Broken("food", "it is hot", TOKEN, 6, "a bot's token stands here", "give it up"),
    "bot token as a key": added("other", f"{TOKEN}: {{ask: [x], verdict: y}}\n", 7, "a bot's token", "give it up"),
    "bot token in a comment": added("other", f"# {TOKEN}\n", 7, "a bot's token", "give it up"),
    "bot token by escape": Broken(
        "food",
        "Less when it is hot.",
        '"' + TOKEN.replace(":", "\\x3a") + '"',
        6,
        "the text holds a bot's token",
        "give it up",
    ),
    "key of a provider": Broken("food", "it is hot", "sk-" + "a1" * 16, 6, "an API key stands here", "give it up"),
    "key in a file": Broken("food", "it is hot", "-----BEGIN PRIVATE KEY-----", 6, "a private key", "give it up"),
    **{
        f"address {url[:24]}": Broken("pack", "https://example.org/book", url, 6, "does not fit 'url'", "https://")
        for url in (
            "data:text/html,x",
            "tg://user?id=1",
            "vbscript:x",
            "file:///etc/passwd",
            "//example.org",
            "HTTPS://example.org",
            "https:/example.org",
            "https://localhost/x",
            "https://127.0.0.1/x",
            "https://10.0.0.1",
            "https://2130706433",
            "https://[::1]/",
            "https://example..org",
            "https://-a.example",
            "https://bitc\u043ein.org",
            "https://ex\u00e4mple.org",
            "https://example.org/<b>",
        )
    },
    **{
        f"user in {url[:24]}": Broken("pack", "https://example.org/book", url, 6, "holds a user name", "leave it")
        for url in (
            "https://user@example.org",
            "https://example.org@evil.example",
            "https://example.org\\\\@evil.example",
        )
    },
    "address that hides letters": Broken("pack", "example.org", "xn--btcoin-8ya.example", 6, "hides letters", "name a"),
    "address without end": Broken("pack", "/book", "/" + "x" * 500, 6, "longer than 500 characters", "shorten it"),
    **{
        f"link {link[:24]}": Broken("food", "it is hot", link, 6, "is no https address", "write https://")
        for link in (
            "tg://user?id=1",
            "data:text/html,x",
            "www.evil.example",
            "HTTPS://x.example",
            "ftp://x.example",
            "t.me/evil",
            "htt\u0440s://x.example",
            "a@evil.example",
            "vbscript:x",
        )
    },
    "user in a link": Broken("food", "it is hot", "https://a:b@evil.example", 6, "is no source", "list it in pack.yml"),
    "link that lies": Broken("food", "it is hot", "[book](https://evil.example)", 6, "is no source", "list it"),
}


def examined(folder: Path) -> list[Finding]:
    """Return what is said of a folder before anything is asked of it."""
    try:
        library = load_library(folder, [], STATS)
    except KnowledgeError as error:
        return [read_finding(problem) for problem in error.problems]
    return list(lint(library, TODAY))


def written(folder: Path, broken: Broken) -> Path:
    for name, text in SOUND.items():
        if name == broken.file:
            assert broken.old in text or broken.old == END
            spoilt = text + broken.new if broken.old == END else text.replace(broken.old, broken.new, 1)
            (folder / f"{name}.yml").write_bytes(spoilt.encode())
        else:
            (folder / f"{name}.yml").write_bytes(text.encode())
    for name, content in broken.files.items():
        (folder / name).write_bytes(content)
    return folder


def test_the_pack_that_is_broken_here_is_sound(tmp_path: Path) -> None:
    """Without a defect nothing is found, so that what is found below is the defect."""
    assert examined(written(tmp_path, alone("none.txt", b"", 0, "", ""))) == []


def test_there_are_many_ways_to_break_it() -> None:
    assert len(BROKEN) >= 150


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_defect_is_one_error_with_its_line_and_cure(broken: Broken, tmp_path: Path) -> None:
    """Nothing else is said, and nothing is raised but a `KnowledgeError`."""
    found = examined(written(tmp_path, broken))

    assert len(found) == 1, found
    name = broken.file if broken.files else f"{broken.file}.yml"
    assert str(found[0].origin) == f"{tmp_path / name}:{broken.line}"
    assert broken.what in found[0].what
    assert broken.cure in found[0].cure
    assert found[0].level is Level.ERROR
    assert TOKEN not in found[0].what
    assert len(found[0].what) < 300
