"""Makes knowledge files of many shapes, in pieces, so that a test knows which bytes an edit may touch."""

import json
import re
from dataclasses import dataclass
from random import Random

WORDS = re.findall(
    r"\S+", "fee block miner комиссия платёж 手数料 ブロック رسوم शुल्क café 😀 no 12:30 1.10 it's x#y a:b Zürich"
)
SIGNS = [*":#-\"'[]{}&*!|>%@`,?\\\t\u2028\x85\ufeff\xa0"]
BREAKS = ("\n", "\r\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file: `spot` says what of which entry it is, empty for what no edit may touch."""

    text: str
    spot: tuple[str, ...] = ()


@dataclass(slots=True)
class Maker:
    """Writes one file; everything follows from the random numbers it is given."""

    random: Random
    newline: str
    margin: str
    step: int
    dash: int

    def words(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 6)))

    def any_text(self) -> str:
        """Return text of all kinds of signs, with none around it that the loader would drop."""
        parts = self.random.choices([*WORDS, *SIGNS, " ", "\n"], k=self.random.randint(1, 12))
        return self.random.choice(["", " "]).join(parts).strip() or "x"

    def long_text(self) -> str:
        return " ".join(self.random.choices(WORDS, k=40))

    def comment(self) -> str:
        return self.random.choice(["", "", "  # noted: 'so'", " # замечание", "   "])

    def value(self, indent: str) -> str:
        """Return text in one of the ways YAML has for it."""
        words, deeper = self.words(), self.newline + indent
        double = json.dumps(self.any_text(), ensure_ascii=False)
        for sign in "\u2028\x85\ufeff":
            double = double.replace(sign, f"\\u{ord(sign):04x}")
        return self.random.choice(
            [
                f"w {words}",
                f"w {words}{deeper}{self.words()}",
                "'" + words.replace("'", "''") + "'",
                "'" + words.replace("'", "''") + deeper + "more'",
                double,
                f"{self.random.choice(['>-', '>', '|', '|-', '|+', '>+'])}{deeper}{words}{deeper}{self.words()}",
            ]
        )

    def scalar(self, indent: str, lead: str, spot: tuple[str, ...]) -> list[Piece]:
        """Return the pieces of one line or more that hold a text: what leads, the text, what follows."""
        value = self.value(indent)
        if value[0] in "|>":
            sign, lines = value.split(self.newline, 1)
            value = sign + self.comment() + self.newline + lines
            return [Piece(lead), Piece(value, spot), Piece(self.newline)]
        return [Piece(lead), Piece(value, spot), Piece(self.comment() + self.newline)]

    def gap(self) -> Piece:
        """Return what may stand between fields and entries: nothing, empty lines, comments."""
        return Piece(self.random.choice(["", "", self.newline, f"# {self.words()}{self.newline}"]))

    def ask(self, key: str, inner: str) -> list[Piece]:
        if self.random.random() < 0.3:
            items = [f"'{number}, {self.random.choice('abc')}'" for number in range(self.random.randint(1, 4))]
            return [Piece(f"{inner}ask: "), Piece(f"[{', '.join(items)}]", (key, "ask")), Piece(self.newline)]
        pieces = [Piece(f"{inner}ask:{self.comment()}{self.newline}")]
        dash = inner + " " * self.dash + "-" + " " * self.random.randint(1, 3)
        for number in range(self.random.randint(1, 4)):
            item = self.scalar(inner + " " * (self.dash + 4), dash, ())
            text = "".join(piece.text for piece in item)
            pieces += [Piece(text, (key, "ask", str(number)))]
        return pieces

    def entry(self, key: str) -> list[Piece]:
        inner = self.margin + " " * self.step
        body: list[list[Piece]] = [self.ask(key, inner)]
        for name in self.random.sample(["topic", "title", "verdict", "detail", "as_of"], k=self.random.randint(1, 5)):
            body += [self.scalar(inner + " " * self.step, f"{inner}{name}: ", (key, name))]
        self.random.shuffle(body)
        pieces = [Piece(f"{self.margin}{key}:{self.comment()}{self.newline}", (key,))]
        for number, field in enumerate(body):
            pieces += [*([self.gap()] if number else []), *field]
        return [Piece(piece.text, piece.spot or (key,)) for piece in pieces]


def make_file(seed: int) -> tuple[list[Piece], Maker]:
    """Return the pieces of a file and what made them."""
    random = Random(seed)  # noqa: S311 - nothing here is a secret
    maker = Maker(
        random, random.choice(BREAKS), " " * random.choice([0, 0, 0, 2]), random.randint(1, 5), random.randint(0, 3)
    )
    pieces = [Piece(random.choice(["", "\ufeff"])), Piece(random.choice(["", f"# a file{maker.newline}"])), maker.gap()]
    for key in ("food", "ёлка", "night-walk")[: random.randint(1, 3)]:
        pieces += [*maker.entry(key), maker.gap(), maker.gap()]
    if random.random() < 0.3:
        while pieces and not pieces[-1].text.strip("\r\n"):
            pieces.pop()
        pieces[-1] = Piece(pieces[-1].text.rstrip("\r\n"), pieces[-1].spot)
    return pieces, maker
