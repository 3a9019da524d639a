"""How English is typed in chats: spellings to undo, and words that carry no subject."""

CHAT_SPELLING = {
    "y": "why", "u": "you", "ur": "your", "r": "are", "n": "and", "b": "be", "c": "see", "k": "ok", "wen": "when",
    "wut": "what", "wat": "what", "wats": "what is", "wot": "what", "whats": "what is", "whos": "who is",
    "wheres": "where is", "hows": "how is", "whys": "why is", "whens": "when is", "cuz": "because", "coz": "because",
    "bc": "because", "bcoz": "because", "cos": "because", "pls": "please", "plz": "please", "thx": "thanks",
    "ty": "thanks", "tnx": "thanks", "ppl": "people", "rn": "right now", "atm": "at the moment", "2day": "today",
    "2nite": "tonight", "2morrow": "tomorrow", "tmrw": "tomorrow", "gonna": "going to", "wanna": "want to",
    "gotta": "have to", "gimme": "give me", "lemme": "let me", "dunno": "do not know", "kinda": "kind of",
    "sorta": "sort of", "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "arent": "are not", "wasnt": "was not", "werent": "were not", "cant": "can not", "cannot": "can not",
    "couldnt": "could not", "wont": "will not", "wouldnt": "would not", "shouldnt": "should not", "aint": "is not",
    "havent": "have not", "hasnt": "has not", "im": "i am", "ive": "i have", "id": "i would", "youre": "you are",
    "theyre": "they are", "thats": "that is", "theres": "there is", "its": "it is", "lets": "let us",
    "btw": "", "ngl": "", "tbh": "", "imo": "", "imho": "", "fr": "", "bro": "", "bruh": "", "dude": "", "m8": "",
    "w": "with", "wo": "without", "vs": "versus", "v": "versus", "diff": "difference", "abt": "about", "bout": "about",
    "dat": "that", "da": "the", "dis": "this", "dem": "them", "tho": "though", "thru": "through", "msg": "message",
    "acc": "account", "acct": "account", "min": "minute", "mins": "minutes", "hr": "hour", "hrs": "hours",
    "sec": "second", "secs": "seconds", "yr": "year", "yrs": "years", "avg": "average", "max": "maximum",
    "info": "information", "expl": "explain", "eli5": "explain simply", "wdym": "what do you mean",
    "idk": "i do not know",
    "hodl": "hold", "hodling": "holding", "fav": "favourite", "biz": "business",
    "gov": "government", "govt": "government",
    "hav": "have", "hve": "have", "giv": "give", "shud": "should", "shuld": "should", "shld": "should", "wud": "would",
    "wuld": "would", "wld": "would", "cud": "could", "cld": "could", "rite": "right", "nite": "night", "gud": "good",
    "luv": "love", "teh": "the", "tht": "that", "thier": "their", "frm": "from", "wit": "with", "wid": "with",
    "wif": "with", "wich": "which", "hw": "how", "wht": "what", "whn": "when", "whr": "where", "iz": "is",
    "bcuz": "because", "becuz": "because", "thnx": "thanks", "gr8": "great", "b4": "before",
    "any1": "anyone", "some1": "someone", "sum1": "someone", "every1": "everyone", "evry": "every", "alot": "a lot",
    "smth": "something", "fone": "phone", "prolly": "probably", "prob": "probably", "probs": "probably",
    "obv": "obviously", "nvm": "never mind", "tryna": "trying to", "imma": "i am going to",
    "wana": "want to", "gona": "going to", "hafta": "have to", "outta": "out of",
    "tech": "technology", "dev": "developer", "devs": "developers", "sec'd": "secured", "pc": "computer",
}  # fmt: skip

_COMMON = """
    a an and are as at be been being but by can could did do does doing for from had has have having he her his how i
    if in into is it its just me my no not of off ok on or our out please really she so some such than that the their
    them then there these they this those to too us very was we well were what when where which while who whom whose
    why will with would you your about any all also am because more most much many now still should tell explain know
    think want need like get got go going one thing things someone anyone people hey hi hello lol actually basically
"""

STOPWORDS = frozenset(_COMMON.split())
