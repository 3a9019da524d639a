"""All thresholds of the decision in one place; `docs/matching.md` says how they were chosen."""

ANSWER = 0.28  # from this score on the best entry may answer alone
MARGIN = 0.08  # and it must lead the runner-up of another topic by this much
COVERAGE = 0.2  # and this share of the question must be words the knowledge has
CHOICE = 0.14  # from this score of the best entry on, the asker is asked which was meant
OPTION = 0.08  # from this score on an entry may stand on a button
OPTIONS = 3  # buttons of a choice at most
REFUSE = 0.12  # from this score on the best refusal names its class
