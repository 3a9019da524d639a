"""All thresholds of the decision in one place; `docs/matching.md` says how they were chosen."""

ANSWER = 0.5  # from this score on the best entry may answer alone
MARGIN = 0.1  # and it must lead the runner-up of another topic by this much
COVERAGE = 0.3  # and this share of the question must be words the knowledge has
CHOICE = 0.25  # from this score on an entry may stand on a button
OPTIONS = 3  # buttons of a choice at most
REFUSE = 0.3  # from this score on the best refusal names its class
