"""Reads one pack: its pack.yml, entries, refusals and exam, and what must hold between them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import KnowledgeError
from bot.library.claims import ClaimFields, FigureFields
from bot.library.fields import ID_LENGTH, EntryFields, ExamFields, PackFields, RefusalFields
from bot.library.problems import Model, nearest, read_model
from bot.library.strict import Document, Spot, parse_document, read_document
from bot.model.knowledge import Citation, Claim, Entry, Exam, Figure, Manners, Origin, Pack, Refusal, Side, VersusRow

PACK, REFUSALS, EXAM = "pack", "refusals", "exam"
MOST = 1_000  # blocks in a file; nobody finds anything in more


def read_pack(name: str, files: Sequence[Path], stats: Collection[str], drafts: Mapping[Path, bytes]) -> Pack:
    """Read the files of one pack, a draft in place of its file; raises `KnowledgeError` naming every problem found."""
    reader = _Reader(name, stats, drafts)
    by_stem: dict[str, Document] = {}
    for file in files:
        document = reader.document(file)
        twin = by_stem.get(file.stem)
        if document and twin:
            reader.note(document, (), f"{Path(twin.path).name} has the same name; rename one, or join them")
            reader.is_whole = False
        elif document:
            by_stem[file.stem] = document
    reader.about(by_stem.pop(PACK, None))
    if reader.is_lost(file for file in files if file.stem == PACK):
        raise KnowledgeError(reader.problems)  # without sides and sources, every entry would seem wrong too
    refusals, exam = by_stem.pop(REFUSALS, None), by_stem.pop(EXAM, None)
    for document in by_stem.values():
        reader.entries(document)
    if refusals:
        reader.refusals(refusals)
    if exam:
        reader.exam(exam)
    reader.links()
    if not reader.found and not reader.problems:
        raise KnowledgeError([f"{files[0]}:1: this pack holds no answer; add one with 'ask' and 'verdict'"])
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return reader.pack()


def read_about(files: Sequence[Path]) -> tuple[PackFields, Origin] | None:
    """Read no more than the pack.yml of a pack that is not in use; None where there is none that can be read."""
    for file in files:
        if file.stem == PACK:
            try:
                document = read_document(file, str(file))
            except KnowledgeError:
                return None  # whoever switches the pack on is told what is wrong
            fields, _ = read_model(PackFields, document, (), document.tree)
            return (fields, _origin(document, ())) if fields else None
    return None


@dataclass(slots=True)
class _Reader:
    """Collects a pack piece by piece, with every problem on the way."""

    name: str
    stats: Collection[str]
    drafts: Mapping[Path, bytes]
    problems: list[str] = field(default_factory=list)
    fields: PackFields = field(default_factory=lambda: PackFields(title="FAQ"))
    pack_file: Document | None = None
    found: dict[str, Entry] = field(default_factory=dict)
    declined: dict[str, Refusal] = field(default_factory=dict)
    exams: list[Exam] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    is_whole: bool = True  # every file could be read
    unread: set[str] = field(default_factory=set)  # ids and topics of blocks that are there, but wrong

    def document(self, file: Path) -> Document | None:
        """Read a file, noting what is wrong with it."""
        shown = str(file)
        try:
            is_draft = file in self.drafts
            document = parse_document(self.drafts[file], shown) if is_draft else read_document(file, shown)
        except KnowledgeError as error:
            self.problems += error.problems
            self.is_whole = False
            return None
        self.documents[shown] = document
        return document

    def note(self, document: Document, spot: Spot, problem: str) -> None:
        self.problems.append(f"{document.at(spot)}: {problem}")

    def model(self, kind: type[Model], document: Document, spot: Spot, tree: object) -> Model | None:
        model, problems = read_model(kind, document, spot, tree)
        self.problems += problems
        return model

    def about(self, document: Document | None) -> None:
        """Read pack.yml, or name the pack after its folder."""
        self.pack_file = document
        if document is None:
            self.fields = PackFields(title=self.name.replace("-", " ").capitalize()[:120])
        else:
            self.fields = self.model(PackFields, document, (), document.tree) or self.fields

    def is_lost(self, pack_files: Iterable[Path]) -> bool:
        """Tell whether a pack.yml is there and cannot be used."""
        starts = tuple(f"{file}:" for file in pack_files)
        return bool(starts) and any(problem.startswith(starts) for problem in self.problems)

    def mapping(self, document: Document) -> Iterator[tuple[str, object]]:
        """Yield the top-level `id: …` pairs of a file."""
        if not isinstance(document.tree, dict):
            self.note(document, (), "must be a mapping of 'id:' blocks, not a list or text; start with 'id:'")
            return
        if len(document.tree) > MOST:
            self.note(document, (list(document.tree)[MOST],), f"more than {MOST:,} blocks; split the file by topic")
            return
        for key, tree in document.tree.items():
            if len(key.encode()) > ID_LENGTH or not key.strip():
                self.unread.add(key)
                self.note(document, (key,), f"the id '{key}' is longer than {ID_LENGTH} bytes; shorten it")
            else:
                yield key, tree

    def entries(self, document: Document) -> None:
        lines = document.blocks()
        for key, tree in self.mapping(document):
            model = self.model(EntryFields, document, (key,), tree)
            if key in self.found:
                self.note(document, (key,), f"the id '{key}' is taken by {self.found[key].origin}; choose another")
            elif model is None:
                self.unread |= {key, *_topic(tree)}
            else:
                self.found[key] = replace(self.entry(document, key, model), lines=lines[key])

    def entry(self, document: Document, key: str, model: EntryFields) -> Entry:
        return Entry(
            id=key,
            pack=self.name,
            topic=model.topic or key,
            title=model.title or _title(key),
            ask=tuple(model.ask),
            verdict=model.verdict,
            origin=_origin(document, (key,)),
            detail=model.detail or "",
            versus=tuple(self.rows(document, key, model.versus)),
            live=tuple(self.known(document, (key, "live"), model.live, known=self.stats, what="a statistic")),
            citations=tuple(self.cited(document, key, model)),
            as_of=model.as_of,
            label=model.label,
            see=tuple(model.see),
            declines=model.declines or "",
            claims=tuple(self.claims(document, key, model.claims)),
            past=tuple(self.figures(document, key, model.past)),
        )

    def claims(self, document: Document, key: str, found: Sequence[ClaimFields]) -> Iterator[Claim]:
        for number, fields in enumerate(found):
            spot: Spot = (key, "claims", number)
            for _ in self.known(document, (*spot, "metric"), [fields.metric], known=self.stats, what="a statistic"):
                yield fields.claim(_origin(document, spot))

    def figures(self, document: Document, key: str, found: Sequence[FigureFields]) -> Iterator[Figure]:
        for number, fields in enumerate(found):
            spot: Spot = (key, "past", number, "metric")
            for _ in self.known(document, spot, [fields.metric], known=self.stats, what="a statistic"):
                yield fields.figure()

    def rows(self, document: Document, key: str, rows: list[dict[str, str]]) -> Iterator[VersusRow]:
        wanted = {"what", *self.fields.sides}
        for number, row in enumerate(rows):
            if set(row) == wanted:
                yield VersusRow(row["what"], tuple(row[side] for side in self.fields.sides))
            else:
                fields = ", ".join(sorted(wanted))
                wrong = ", ".join(sorted(wanted ^ set(row)))
                cure = f"add or remove {wrong}"
                self.note(document, (key, "versus", number), f"a row of 'versus' needs exactly {fields}; {cure}")

    def known(
        self, document: Document, spot: Spot, words: Sequence[str], *, known: Collection[str], what: str
    ) -> Iterator[str]:
        for number, word in enumerate(words):
            if word in known:
                yield word
            else:
                self.note(document, (*spot, number), f"'{word}' is not {what}{nearest(word, list(known))}")

    def refer(
        self, document: Document, spot: Spot, words: Sequence[str], *, known: Iterable[str], what: str
    ) -> Iterator[str]:
        """Yield the words that name a block, and those that may name one that cannot be read."""
        if not self.is_whole:
            return iter(words)
        return self.known(document, spot, words, known={*known, *self.unread}, what=what)

    def cited(self, document: Document, key: str, model: EntryFields) -> Iterator[Citation]:
        sources = self.fields.sources
        for word in self.known(document, (key, "sources"), model.sources, known=sources, what="a source in pack.yml"):
            source = sources[word]
            yield Citation(word, source.title, source.url, source.published or "")

    def refusals(self, document: Document) -> None:
        lines = document.blocks()
        for key, tree in self.mapping(document):
            model = self.model(RefusalFields, document, (key,), tree)
            if key in self.found:
                self.note(document, (key,), f"the id '{key}' is taken by {self.found[key].origin}; choose another")
            elif model is None:
                self.unread.add(key)
            else:
                origin = _origin(document, (key,))
                self.declined[key] = Refusal(
                    id=key,
                    pack=self.name,
                    title=model.title,
                    ask=tuple(model.ask),
                    say=model.say,
                    origin=origin,
                    see=tuple(model.see),
                    quiet=model.quiet,
                    gap=model.gap,
                    lines=lines[key],
                )

    def exam(self, document: Document) -> None:
        model = self.model(ExamFields, document, (), document.tree)
        if not model:
            return
        topics = {entry.topic for entry in self.found.values()}
        for key, questions in model.answer.items():
            wanted = [word.strip() for word in key.split("|")]
            fitting = tuple(
                self.refer(document, ("answer", key, "topics"), wanted, known=topics, what="a topic of this pack")
            )
            for number, text in enumerate(questions):
                self.exams.append(Exam(text, fitting, "", _origin(document, ("answer", key, number))))
        for key, questions in model.refuse.items():
            list(self.refer(document, ("refuse", key, "class"), [key], known=self.declined, what="a refusal"))
            for number, text in enumerate(questions):
                self.exams.append(Exam(text, (), key, _origin(document, ("refuse", key, number))))
        for number, text in enumerate(model.silence):
            self.exams.append(Exam(text, (), "", _origin(document, ("silence", number))))

    def links(self) -> None:
        """See that every `see` leads to an entry."""
        holders: Mapping[str, Entry | Refusal] = {**self.found, **self.declined}
        for holder in holders.values():
            document = self.documents[holder.origin.path]
            list(self.refer(document, (holder.id, "see"), holder.see, known=self.found, what="an entry of this pack"))
        if self.fields.home and self.pack_file:
            list(self.refer(self.pack_file, ("home",), [self.fields.home], known=self.found, what="an entry"))
        guard = self.fields.addresses
        if guard and self.pack_file:
            list(self.refer(self.pack_file, ("addresses", "entry"), [guard.entry], known=self.found, what="an entry"))

    def pack(self) -> Pack:
        about = self.pack_file
        return Pack(
            id=self.name,
            title=self.fields.title,
            sides=tuple(
                Side(key, side.name, side.ticker, tuple(side.aliases)) for key, side in self.fields.sides.items()
            ),
            glossary=dict(self.fields.glossary),
            disclaimer=self.fields.disclaimer or "",
            manners=Manners(**self.fields.manners.model_dump(exclude_none=True)),
            entries=self.found,
            refusals=self.declined,
            exams=tuple(self.exams),
            home=self.fields.home or "",
            names=tuple(self.fields.names),
            exam_floor=self.fields.exam_floor,
            exam_wrong=self.fields.exam_wrong,
            guard=self.fields.addresses.guard() if self.fields.addresses else None,
            origin=_origin(about, ()) if about else next(iter(self.found.values())).origin,
            lines=about.lines if about else {},
        )


def _origin(document: Document, spot: Spot) -> Origin:
    path, _, line = document.at(spot).rpartition(":")
    return Origin(path, int(line))


def _topic(tree: object) -> Iterator[str]:
    """Yield the topic of a block that is not an entry, if it names one."""
    topic = tree.get("topic") if isinstance(tree, dict) else None
    if isinstance(topic, str):
        yield topic


def _title(key: str) -> str:
    return key.replace("-", " ").replace("_", " ").strip().capitalize()[:48]
