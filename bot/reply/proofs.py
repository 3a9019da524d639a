"""Proofs, outcomes and the history of the knowledge in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.model.owner_buttons import Approve, Discard, ListVersions, OwnerButton, RestoreVersion, ShowVersion, Undo
from bot.model.proof import Diff, Effect, Proof, Shift, Tally
from bot.model.reply import Block, Headline, Note, Paragraph, Reply
from bot.model.version import Version
from bot.text import shortened

ROOM = 2_500  # characters for all lines of a diff together, so that a proof is one message
EACH = 900  # of one entry
SHIFTS = 10  # questions that are named
QUESTION = 120  # characters of a question or a description
WORDS = {"lost": "✗ lost", "stolen": "✗ taken", "won": "✓ won", "moved": "· moved"}
NOBODY = "nobody"
PAGE = 8  # versions


def proof_reply(proof: Proof) -> Reply:
    """Return what a proposal does, with the buttons that decide on it."""
    until = f"Nothing is live yet. It can be approved until {moment(proof.expires_at)}."
    blocks: tuple[Block, ...] = (
        Headline(shortened(proof.what, QUESTION * 2)),
        *map(Paragraph, _diffs(proof.diffs)),
        *map(Paragraph, _effect(proof.effect)),
        Note(f"File {proof.file}, proposal {proof.number}. {until}"),
    )
    return Reply(blocks, ((Approve(proof.number), Discard(proof.number)),))


def preview_reply(seen: Reply, question: str = "") -> Reply:
    """Return an answer as users will see it; a button that looks numbers up would show what is live instead."""
    head = f"“{question}” will be answered so:" if question else "It will look so:"
    return Reply((Note(head), *seen.blocks), seen.buttons, seen.picture)


def _diffs(diffs: Sequence[Diff]) -> Iterator[str]:
    room = ROOM
    for number, diff in enumerate(diffs):
        text = f"{diff.entry or 'Between the entries'}: {diff.kind}\n{_cut(diff.lines)}"
        room -= len(text)
        if room < 0 and number:
            left = ", ".join(f"{one.entry or 'between the entries'} ({one.kind})" for one in diffs[number:])
            yield shortened(f"… and {len(diffs) - number} more: {left}", EACH)
            return
        yield text


def _cut(lines: str) -> str:
    if len(lines) <= EACH:
        return lines
    shown = lines[:EACH].rpartition("\n")[0] or lines[:EACH]
    return f"{shown}\n… {lines.count(chr(10)) - shown.count(chr(10))} more lines"


def _effect(effect: Effect) -> Iterator[str]:
    shifts = effect.shifts
    if shifts:
        more = [f"… and {len(shifts) - SHIFTS} more"] if len(shifts) > SHIFTS else []
        yield "\n".join((f"Questions that lead elsewhere: {len(shifts)}", *map(_shift, shifts[:SHIFTS]), *more))
    else:
        yield "No exam question and no phrasing leads elsewhere."
    if effect.after.asked:
        yield f"Exam: {_tally(effect.after)}; before: {_tally(effect.before)}."
    if effect.findings:
        yield "\n".join(("⚠ The exam would fall below its floor:", *effect.findings))


def _shift(shift: Shift) -> str:
    way = f"{shift.before or NOBODY} → {shift.after or NOBODY}"
    return f"{WORDS.get(shift.kind, shift.kind)}: “{shortened(shift.question, QUESTION)}”, {way} ({shift.taken_from})"


def _tally(tally: Tally) -> str:
    offered = f" and {tally.offered} offered" if tally.offered else ""
    return f"{tally.right} of {tally.asked} right{offered}"


def applied_reply(
    version: Version, diffs: Sequence[Diff], problems: Sequence[str], *, is_rebased: bool = False
) -> Reply:
    """Return that a version is live, or saved only where there are problems."""
    head = Headline("Saved, but not live." if problems else "Live now.")
    rebased = "The file had changed since you proposed it; your edit was made on top of that, nothing was lost."
    notes: list[Block] = [Paragraph(shortened(version.what, QUESTION * 2))]
    notes += map(Paragraph, problems)
    notes += [Note(rebased)] if is_rebased else []
    notes += [Note(f"Version {version.id} of {version.file}. {_entries(diffs)}/undo takes it back.")]
    return Reply((head, *notes))


def _entries(diffs: Sequence[Diff]) -> str:
    named = [f"{one.entry} ({one.kind})" for one in diffs if one.entry]
    return f"{shortened(', '.join(named), EACH)}. " if named else ""


def refused_reply(why: str, *, cure: str = "Propose it again.") -> Reply:
    """Return that nothing was changed, and why."""
    return Reply((Headline("Nothing was changed."), Paragraph(why), *([Note(cure)] if cure else [])))


def expired_reply(at: datetime) -> Reply:
    """Return that a proposal is too old."""
    return refused_reply(f"This proposal could be approved until {moment(at)}.")


def replayed_reply(version: Version) -> Reply:
    """Return that a proposal was approved before."""
    return refused_reply(f"It was approved before: {line(version)}.", cure="/history shows all.")


def conflict_reply(by: Version, why: str) -> Reply:
    """Return that somebody else changed the same place."""
    return refused_reply(
        f"{why[:1].upper()}{why[1:]}: {line(by)}.", cure="Look at it as it is now, then propose it again."
    )


def history_reply(versions: Sequence[Version], page: int, *, is_more: bool) -> Reply:
    """Return one page of what was changed, newest first, each version as a button."""
    if not versions:
        return Reply((Paragraph("Nothing has been changed yet."),))
    turns: list[OwnerButton] = [ListVersions(page - 1, "‹ Newer")] if page else []
    turns += [ListVersions(page + 1, "Older ›")] if is_more else []
    rows = [(ShowVersion(one.id, f"Version {one.id}"),) for one in versions]
    return Reply((Headline("What was changed:"), *(Paragraph(line(one)) for one in versions)), (*rows, *_row(turns)))


def version_reply(version: Version, base: int, diffs: Sequence[Diff]) -> Reply:
    """Return what going back to a version would change; `base` is the newest version of its file."""
    if not diffs:
        return Reply((Headline(line(version)), Note(f"{version.file} is so now.")))
    changed = map(Paragraph, _diffs(diffs))
    return Reply(
        (Headline(line(version)), Paragraph("Going back to it changes:"), *changed),
        ((RestoreVersion(version.id, base),),),
    )


def undo_reply(version: Version, diffs: Sequence[Diff]) -> Reply:
    """Return what taking back the last change would change."""
    head = Headline(f"The last change: {line(version)}")
    return Reply((head, Paragraph("Taking it back changes:"), *map(Paragraph, _diffs(diffs))), ((Undo(version.id),),))


def line(version: Version) -> str:
    """Return who changed what when, in one line."""
    what = shortened(version.what, QUESTION)
    return f"{version.id}: {moment(version.at)}, {version.editor.name}: {what}"


def moment(at: datetime) -> str:
    """Return a moment to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _row(buttons: Sequence[OwnerButton]) -> tuple[tuple[OwnerButton, ...], ...]:
    return (tuple(buttons),) if buttons else ()
