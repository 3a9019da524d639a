"""All thresholds of the decision in one place; `docs/matching.md` says how they were chosen."""

ANSWER = 0.58  # from this chance on the best entry answers alone; chances err on the safe side
OVERHEARD = 0.95  # from this chance on a question is answered that nobody asked the bot
CERTAIN = 0.7  # two questions in one message are both answered from this chance on
SURE = 0.9  # from this chance on a question is not read in the light of the one before, whatever it points at
CHOICE = 0.3  # from this chance of the best entry on, the asker is asked which was meant
OPTION = 0.2  # from this chance on an entry may stand on a button
OPTIONS = 3  # buttons of a choice at most
REFUSE = 0.25  # from this chance on the best refusal names its class
LEAD = 0.2  # by which talk is above all else before somebody who addressed the bot in a group gets no reply
GIBBERISH = 0.1  # coverage below which nothing is read into a message, not even what came before
