"""Questions people might ask that the shipped knowledge does not answer, several ways each."""

PARAPHRASES = (
    (
        "can i mine bch with my old antminer",
        "is an antminer s9 good enough to mine bitcoin cash",
        "mining bch on an old asic",
    ),
    (
        "which hardware wallet works for bch",
        "does a ledger support bitcoin cash",
        "can i keep bch on a trezor hardware wallet",
    ),
    ("how do i buy bch with paypal", "can i pay with paypal to get bitcoin cash", "paypal for buying bch"),
    ("what is taproot", "explain taproot please", "whats that taproot thing"),
    ("do i pay tax on my btc gains", "taxes on bitcoin profits", "is profit from bitcoin taxable"),
    ("what is a stealth address", "explain stealth addresses", "how do stealth addresses work"),
    ("does bch have ordinals", "are there ordinals on bitcoin cash", "ordinals and inscriptions on bch"),
    ("who is roger ver", "what did roger ver do", "tell me about roger ver"),
    ("can quantum computers break bitcoin", "is btc safe from quantum computing", "quantum attack on bitcoin keys"),
    ("how to run a node on a raspberry pi", "raspberry pi full node setup", "can a raspberry pi run my node"),
    ("which country made bitcoin legal tender", "is bitcoin legal tender in el salvador", "el salvador bitcoin law"),
    ("where are bitcoin atms near me", "how do i find a bitcoin atm", "is there a btc atm in my city"),
    ("what is a dust limit", "explain the dust limit", "how small can an output be before it is dust"),
    ("can i donate bch to charity", "which charities accept bitcoin cash donations", "charity that takes bch"),
    ("what is a paper wallet", "how do i make a paper wallet", "are paper wallets safe"),
    ("is there a bch podcast", "good podcasts about bitcoin cash", "recommend a podcast on bch"),
)
OPENINGS = (
    "",
    "hi, ",
    "please, ",
    "hey bot ",
    "question: ",
    "tell me, ",
    "i wonder, ",
    "so ",
    "sorry, ",
    "quick one: ",
)
ENDINGS = ("", "?", " pls")


def five_hundred() -> list[tuple[int, str]]:
    """Return 500 questions, each with the number of what it asks, all worded differently."""
    found = [
        (number, f"{opening}{text}{ending}")
        for ending in ENDINGS
        for opening in OPENINGS
        for number, texts in enumerate(PARAPHRASES)
        for text in texts
    ]
    return found[:500]
