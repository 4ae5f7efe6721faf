"""Writes golden.json: what Python's sacreBLEU says about hand-written, generated and real cases (real.json).

    python -m venv venv && venv/bin/pip install sacrebleu==2.6.0 numpy sentencepiece
    venv/bin/python generate.py

Everything is drawn from a fixed seed, so the file only changes when sacreBLEU, numpy or this script does.
"""

import functools
import itertools
import json
import logging
import os
import random
import sys
from pathlib import Path

import numpy as np
import sacrebleu
from sacrebleu.metrics import BLEU, CHRF, TER, lib_ter as ter
from sacrebleu.metrics.bleu import _get_tokenizer
from sacrebleu.significance import PairedTest
from sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer

from texts import ALL, SENTENCES, damage, scramble

HERE = Path(__file__).parent
METRICS = {"BLEU": BLEU, "CHRF": CHRF, "TER": TER}
# TER is slow on long lines, and most options leave them as they are.
edit_rate = functools.cache(lambda hypothesis, reference: ter.translation_edit_rate(list(hypothesis), list(reference)))
sacrebleu.metrics.ter.translation_edit_rate = lambda hypothesis, reference: edit_rate(tuple(hypothesis), tuple(reference))
REAL = json.loads((HERE / "real.json").read_text(encoding="utf-8"))
os.environ.pop("SACREBLEU_SEED", None)
rng = random.Random(20240607)


class Warnings(logging.Handler):
    """Counts the warnings logged within its `with`."""

    logger = logging.getLogger("sacrebleu")
    logger.propagate = False

    def __enter__(self):
        self.counts = {}
        self.logger.handlers = [self]
        return self.counts

    def emit(self, record):
        if record.levelno >= logging.WARNING:
            self.counts[record.getMessage()] = self.counts.get(record.getMessage(), 0) + 1

    def __exit__(self, *_):
        self.logger.handlers = [logging.NullHandler()]


def corpus(references, systems=1, **kwargs):
    """Damaged copies of the first stream as systems."""
    source = [next(r for r in row if r is not None) for row in zip(*references)]
    return {"systems": [[damage(rng, s) for s in source] for _ in range(systems)], "references": references, **kwargs}


def streams(sentences, count, missing=0.0):
    """Reference streams: the sentences, then damaged copies, some missing."""
    out = [list(sentences)]
    for _ in range(count - 1):
        out.append([None if rng.random() < missing else damage(rng, s) for s in sentences])
    return out


def build_corpora():
    corpora = {name: corpus(streams(lines, 1)) for name, lines in SENTENCES.items() if name != "empty"}
    latin = SENTENCES["en"] + SENTENCES["de"] + SENTENCES["fr"] + SENTENCES["es"] + SENTENCES["cs"]
    corpora["two-refs"] = corpus(streams(latin, 2))
    corpora["three-refs"] = corpus(streams(rng.sample(ALL, 20), 3))
    corpora["five-refs"] = corpus(streams(rng.sample(ALL, 16), 5))
    corpora["missing-refs"] = corpus(streams(rng.sample(ALL, 20), 4, missing=0.5))
    corpora["mixed"] = corpus(streams(ALL, 1))
    corpora["identical"] = {"systems": [SENTENCES["en"]], "references": [SENTENCES["en"]]}
    corpora["nothing-in-common"] = {"systems": [["aaa bbb ccc ddd"] * 3], "references": [["eee fff ggg hhh"] * 3]}
    corpora["empty-lines"] = {
        "systems": [["", "some words here", "", " ", "the same line", "\u3000x"]],
        "references": [["", "", "some words here", "\t", "the same line", "x"]],
    }
    corpora["all-empty"] = {"systems": [["", ""]], "references": [["", ""]]}
    corpora["empty-system"] = {"systems": [["", ""]], "references": [["one two three", "four five six seven eight"]]}
    corpora["one-segment"] = {"systems": [["the cat sat on a mat"]], "references": [["the cat sat on the mat"]]}
    corpora["tiny"] = {"systems": [["a", "b c", "d"]], "references": [["a", "c b", "e"]]}
    alphabet = "ab .,-0\u00e9\u4e2d\U0001f600"
    lines = [scramble(rng, rng.randint(0, 40), alphabet) for _ in range(30)]
    corpora["scrambled"] = corpus(streams(lines, 2))
    words = ["the", "a", "of", "to", "and", "in"]
    repeats = [" ".join(rng.choice(words) for _ in range(rng.randint(1, 60))) for _ in range(20)]
    corpora["repetitive"] = corpus(streams(repeats, 1), ter_only=True)
    shuffled = [" ".join(rng.sample(r.split(), len(r.split()))) for r in repeats]
    corpora["shuffled"] = {"systems": [shuffled], "references": [repeats], "ter_only": True}
    long = [" ".join(rng.choice(words + [f"w{i}" for i in range(40)]) for _ in range(n)) for n in (90, 130, 3, 2, 160)]
    other = [" ".join(rng.choice(words + [f"w{i}" for i in range(40)]) for _ in range(n)) for n in (100, 4, 120, 140, 60)]
    corpora["long-and-uneven"] = {"systems": [long], "references": [other], "ter_only": True}
    tokenized = [f"{rng.choice(words)} {rng.choice(words)} ." for _ in range(100)]
    corpora["tokenized"] = {"systems": [tokenized], "references": [rng.sample(tokenized, 100)]}
    corpora["systems"] = corpus(streams(latin, 1), systems=4)
    corpora["systems-three-refs"] = corpus(streams(rng.sample(ALL, 24), 3, missing=0.2), systems=3)
    corpora.update(REAL)
    return corpora


def options_of(metric):
    """All options crossed, thinned to a random few per corpus by the caller."""
    if metric == "BLEU":
        smooth = [("exp", None), ("none", None), ("floor", None), ("floor", 0.01), ("add-k", None), ("add-k", 0.5), ("add-k", 2)]
        # Without a tokenizer, Japanese and Korean need MeCab.
        tokenizers = [(tok, lang) for tok in ["13a", "intl", "char", "zh", "none"] for lang in ["", "de", "zh", "ja", "ko"]]
        tokenizers += [(None, lang) for lang in ["", "de", "zh", "zh", "zh"]]
        for (tok, lang), (method, value), lc, force, eff, order in itertools.product(
            tokenizers, smooth, [False, True], [False, True], [False, True], [4, 4, 1, 2, 6]
        ):
            yield dict(
                tokenize=tok, trg_lang=lang, smooth_method=method, smooth_value=value, lowercase=lc, force=force,
                effective_order=eff, max_ngram_order=order,
            )
    elif metric == "CHRF":
        for nc, nw, beta, lc, ws, eps in itertools.product([6, 6, 1, 3, 0], [0, 2, 1], [2, 1, 3], [False, True], [False, True], [False, True]):
            if nc + nw:
                yield dict(char_order=nc, word_order=nw, beta=beta, lowercase=lc, whitespace=ws, eps_smoothing=eps)
    else:
        for norm, punct, asian, case in itertools.product([False, True], repeat=4):
            yield dict(normalized=norm, no_punct=punct, asian_support=asian, case_sensitive=case)


def plain(value):
    """numpy scalars and tuples as JSON."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def describe(score):
    fields = {k: plain(v) for k, v in vars(score).items() if k not in ("name", "prec_str", "_verbose")}
    ci = (fields.pop("_mean"), fields.pop("_ci"))
    out = {"name": score.name, **fields}
    if ci[0] != -1.0:
        out["mean"], out["ci"] = ci
    return out


def score_case(corpora, name, metric, options, n_bootstrap):
    data = corpora[name]
    system, references = data["systems"][0], data["references"]
    case = {"corpus": name, "metric": metric, "options": options}
    with Warnings() as warnings:
        scorer = METRICS[metric](**options)
        case["stats"] = plain(scorer._extract_corpus_statistics(system, references))
    case["warnings"] = warnings
    # With cached references Python has to say the same.
    cached = METRICS[metric](**options, references=references)
    assert plain(cached._extract_corpus_statistics(system, None)) == case["stats"], case
    try:
        score = scorer.corpus_score(system, references, n_bootstrap=n_bootstrap)
        assert describe(cached.corpus_score(system, None, n_bootstrap=n_bootstrap)) == describe(score), case
    except TypeError:
        # statistics.mean refuses a mixture of float32 and float: no interval in Python
        score = METRICS[metric](**options).corpus_score(system, references)
        n_bootstrap = 1
    case["n_bootstrap"] = n_bootstrap
    case["score"] = describe(score)
    signature = scorer.get_signature() if n_bootstrap > 1 else None
    if signature is None:
        fresh = METRICS[metric](**options)
        fresh._cache_references(references)
        signature = fresh.get_signature()
    case["signature"] = [signature.format(), signature.format(short=True)]
    case["text"] = [score.format(), score.format(width=4, signature=signature.format()), score.format(width=0, score_only=True)]
    case["json"] = score.format(width=3, signature=signature.format(), is_json=True)
    return case


def sentence_cases(corpora, name, metric, options):
    """Score and text of every segment, and the signatures by number of references."""
    data = corpora[name]
    rows, signatures = [], {}
    with Warnings() as warnings:
        scorer = METRICS[metric](**options)
        for hyp, *refs in zip(data["systems"][0], *data["references"]):
            score = scorer.sentence_score(hyp, refs)
            rows.append([plain(score.score), score.format()])
            signatures[scorer.num_refs] = scorer.get_signature().format()
    return {"corpus": name, "metric": metric, "options": options, "rows": rows, "signatures": signatures, "warnings": warnings}


def paired_case(corpora, name, metrics, test, n_samples, n_ci, seed, extra=()):
    data = corpora[name]
    os.environ["SACREBLEU_SEED"] = seed
    systems = [(f"sys{i}", lines) for i, lines in enumerate(data["systems"])]
    scorers = {m: METRICS[m](**options) for m, options in metrics}
    signatures, scores = PairedTest(systems, scorers, data["references"], test, n_samples, n_ci)()
    os.environ.pop("SACREBLEU_SEED")
    results = {
        k: [{f: plain(getattr(r, f)) for f in ("score", "p_value", "mean", "ci")} for r in v]
        for k, v in scores.items() if k != "System"
    }
    return {
        "corpus": name, "metrics": metrics, "test": test, "samples": n_samples, "confidence": n_ci, "seed": seed,
        "results": results, "signatures": {k: v.format() for k, v in signatures.items()},
    }


def random_streams():
    out = []
    for seed, size, count in [(12345, 3000, 40), (0, 7, 40), (1, 1, 5), (2**64 + 17, 2**20 + 1, 30), (2**130, 2**31 - 5, 30), (42, 3 * 2**30, 30)]:
        g = np.random.default_rng(seed)
        coins = g.integers(2, size=(3, 25), dtype=bool).astype(int).ravel().tolist()
        out.append({"seed": str(seed), "coins": coins, "size": size, "choice": g.choice(size, size=count).tolist()})
    return out


def tokenizations():
    lines = ALL + [damage(rng, s) for s in ALL] + [scramble(rng, 30, " .,-'\"&;%0169aÉ—。ー\u3000ア한🙂\u2014\u2500") for _ in range(60)]
    out = {}
    for name in ["13a", "intl", "char", "zh", "none"]:
        tokenizer = _get_tokenizer(name)()
        out[name] = [[line, tokenizer(line)] for line in lines]
    for norm, punct, asian, case in itertools.product([0, 1], repeat=4):
        tokenizer = TercomTokenizer(bool(norm), bool(punct), bool(asian), bool(case))
        out[f"tercom{norm}{punct}{asian}{case}"] = [[line, tokenizer(line)] for line in lines]
    return lines, {k: [t for _, t in v] for k, v in out.items()}


def main():
    corpora = build_corpora()
    scores, sentences = [], []
    for name, data in corpora.items():
        for metric in METRICS:
            choices = list(options_of(metric))
            if data.get("ter_only") and metric != "TER":
                continue
            counts = {"BLEU": 7, "CHRF": 6, "TER": 5}
            few = rng.sample(choices, 3 if data.get("ter_only") else 4 if name in REAL else counts[metric])
            for options in [{}, *few]:
                n = rng.choice([1, 1, 20, 60, 200, 1000])
                scores.append(score_case(corpora, name, metric, options, n))
            sentences.append(sentence_cases(corpora, name, metric, rng.choice(choices)))
    paired = []
    everything = [("BLEU", {}), ("CHRF", {}), ("TER", {})]
    varied = [("BLEU", {"smooth_method": "add-k", "smooth_value": 0.5, "tokenize": "intl"}), ("CHRF", {"word_order": 2, "eps_smoothing": True})]
    for name in ["systems", "systems-three-refs", "emoji-en-fr", "time-machine"]:
        for test in ["bs", "ar"]:
            paired.append(paired_case(corpora, name, everything, test, 0, -1, "12345"))
            paired.append(paired_case(corpora, name, varied, test, 300, -1, "7"))
            paired.append(paired_case(corpora, name, everything[:2], test, 50, 40 if test == "ar" else -1, "99999999999999999999"))
    lines, tokens = tokenizations()
    golden = {
        "made_with": {"sacrebleu": sacrebleu.__version__, "numpy": np.__version__, "python": sys.version.split()[0]},
        "corpora": {k: {f: v[f] for f in ("systems", "references")} for k, v in corpora.items() if k not in REAL},
        "scores": scores, "sentences": sentences, "paired": paired, "random": random_streams(),
        "lines": lines, "tokens": tokens,
    }
    text = json.dumps(golden, ensure_ascii=False, separators=(",", ":"))
    (HERE / "golden.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(scores)} corpus scores, {len(sentences)} sentence series, {len(paired)} paired tests, {len(text) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
