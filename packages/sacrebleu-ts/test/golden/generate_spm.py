"""Trains the tiny SentencePiece models of the tests and writes what Python's sentencepiece makes of the test lines.

    venv/bin/python generate_spm.py [DIRECTORY FOR THE LARGE CHECK]

The committed models carry a few normalization rules of their own, as the usual nmt_nfkc would be 240 KB;
with a directory, models with nmt_nfkc are trained there as well, for a check by hand (SPM_CHECK in spm.test.ts).
"""

import io
import itertools
import json
import random
import sys
from pathlib import Path

import sentencepiece as spm

from texts import ALL, SENTENCES, damage, scramble

HERE = Path(__file__).parent
# Scripts left out give unknown characters.
TRAINING = [s for name, group in SENTENCES.items() if name not in ("ja", "th", "ar", "hi", "odd") for s in group]
RULES = {"ﬁ": "fi", "Ａ": "A", "Ｂ": "B", "Ｃ": "C", "A\u030a": "\u00c5", "\u3000": " ", "\u00a0": " ", "\u200b": "", "½": "1/2", "…": "..."}
VARIANTS = {
    "unigram": dict(model_type="unigram", vocab_size=900, user_defined_symbols=["<b>", "cat"]),
    "unigram-bytes": dict(model_type="unigram", vocab_size=900, byte_fallback=True, character_coverage=0.98, add_dummy_prefix=False),
    "bpe": dict(model_type="bpe", vocab_size=900, character_coverage=0.98),
    "bpe-suffix": dict(model_type="bpe", vocab_size=900, treat_whitespace_as_suffix=True, user_defined_symbols=["the"], character_coverage=0.98),
    "bpe-spaces": dict(model_type="bpe", vocab_size=900, remove_extra_whitespaces=False, byte_fallback=True, character_coverage=0.98),
}


def train(out: Path, name: str, **options):
    buffer = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(TRAINING), model_writer=buffer, num_threads=1, minloglevel=2, hard_vocab_limit=False, **options
    )
    (out / f"{name}.model").write_bytes(buffer.getvalue())
    return spm.SentencePieceProcessor(model_proto=buffer.getvalue())


def lines():
    rng = random.Random(3)
    out = [*ALL, *(damage(rng, s) for s in ALL), *(scramble(rng, 40, "the cat  .,'éａ　ー中A\u030a½…🙂\u200b\x01") for _ in range(60)), "", " ", "\u3000"]
    out.append(" ".join(itertools.islice(itertools.cycle(ALL), 60)))
    return out


def codes(text):
    return "\t".join(" ".join(f"{ord(c):X}" for c in part) for part in text)


def main():
    texts = lines()
    rules = HERE / "rules.tsv"
    rules.write_text("".join(codes(pair) + "\n" for pair in RULES.items()))
    pieces = {}
    for name, options in VARIANTS.items():
        model = train(HERE, name, normalization_rule_tsv=str(rules), **options)
        pieces[name] = [" ".join(model.encode(t, out_type=str)) for t in texts]
    rules.unlink()
    (HERE / "spm.json").write_text(json.dumps({"lines": texts, "pieces": pieces}, ensure_ascii=False, separators=(",", ":")) + "\n")
    if len(sys.argv) > 1:
        large, pieces = Path(sys.argv[1]), {}
        for name, options in VARIANTS.items():
            model = train(large, name, normalization_rule_name="nmt_nfkc", **options)
            pieces[name] = [" ".join(model.encode(t, out_type=str)) for t in texts]
        (large / "spm.json").write_text(json.dumps({"lines": texts, "pieces": pieces}, ensure_ascii=False))


if __name__ == "__main__":
    main()
