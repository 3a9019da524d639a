"""From a ranking to a verdict: answer, ask back, refuse by name, or keep silent."""

from bot.match import thresholds
from bot.match.matcher import Ranking
from bot.model.knowledge import Entry, Refusal
from bot.model.question import Place
from bot.model.verdict import Answer, Choice, Match, Refuse, Rule, Silence, Verdict

SHARED = frozenset({Place.GROUP_ADDRESSED, Place.GUEST})  # where others read what is said


def decide(ranking: Ranking) -> Verdict:
    """Return what is to be done with a question."""
    place = ranking.question.place
    if place is Place.GROUP:
        return Silence(ranking.matches, Rule.UNADDRESSED)
    if place is Place.OVERHEARD:
        return _overheard(ranking)
    if ranking.is_secret:
        return Refuse(None, 1.0, (), Rule.SECRET)
    if ranking.is_empty:
        return Silence((), Rule.EMPTY) if place is Place.GROUP_ADDRESSED else Refuse(None, 0.0, (), Rule.EMPTY)
    if ranking.elsewhere:
        return Refuse(ranking.elsewhere, 1.0, ranking.matches, Rule.ELSEWHERE)
    return _weighed(ranking)


def _overheard(ranking: Ranking) -> Verdict:
    """Answer what is as good as certain; nobody asked, so everything else is silence."""
    best = ranking.matches[0] if ranking.matches else None
    if best and isinstance(best.target, Entry) and best.score >= thresholds.OVERHEARD and not ranking.elsewhere:
        return Answer(best.target, best, ranking.matches[1:], Rule.ABOVE_THRESHOLD)
    return Silence(ranking.matches, Rule.UNADDRESSED)


def _weighed(ranking: Ranking) -> Verdict:
    matches = ranking.matches
    if not matches:
        return Refuse(None, 0.0, (), Rule.NOTHING_NEAR)
    best = matches[0]
    if isinstance(best.target, Refusal):
        return _refused(ranking, best, best.target)
    if best.score >= thresholds.ANSWER:
        return Answer(best.target, best, matches[1:], Rule.ABOVE_THRESHOLD)
    options = _options(matches) if ranking.coverage >= thresholds.GIBBERISH else ()
    if len(options) > 1:
        return Choice(options, tuple(match for match in matches if match not in options), Rule.CLOSE_CALL)
    return Refuse(None, best.score, matches, Rule.NOTHING_NEAR)


def _refused(ranking: Ranking, best: Match, refusal: Refusal) -> Verdict:
    if refusal.quiet and ranking.question.place in SHARED:
        if _lead(ranking.matches) >= thresholds.LEAD:
            return Silence(ranking.matches, Rule.OUT_OF_SCOPE)
        return Refuse(None, best.score, ranking.matches, Rule.NOTHING_NEAR)
    if best.score >= thresholds.REFUSE:
        return Refuse(refusal, best.score, ranking.matches, Rule.OUT_OF_SCOPE)
    return Refuse(None, best.score, ranking.matches, Rule.NOTHING_NEAR)


def _lead(matches: tuple[Match, ...]) -> float:
    """Return how far the best is above what would get a reply."""
    rivals = (one.score for one in matches if isinstance(one.target, Entry) or not one.target.quiet)
    return matches[0].score - next(rivals, 0.0)


def _options(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Return the entries that may have been meant, all of the pack of the best one."""
    entries = [match for match in matches if isinstance(match.target, Entry) and match.score >= thresholds.OPTION]
    if not entries or entries[0].score < thresholds.CHOICE:
        return ()
    own = [match for match in entries if match.target.pack == entries[0].target.pack]
    return tuple(own[: thresholds.OPTIONS])
