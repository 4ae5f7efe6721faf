"""Writes metrics.json: what seqeval and SQuAD's evaluation scripts say about 2,000 generated adversarial cases.

    python -m venv venv && venv/bin/pip install numpy seqeval==1.2.2
    venv/bin/python metrics.py evaluate-v1.1.py evaluate-v2.0.py

The scripts are SQuAD's own (rajpurkar.github.io/SQuAD-explorer). Everything is drawn from a fixed seed.
"""

import importlib.util
import json
import random
import sys
import warnings
from pathlib import Path

from seqeval.metrics.sequence_labeling import get_entities, precision_recall_fscore_support

warnings.simplefilter("ignore")
rng = random.Random(1606)


def script(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


v1, v2 = (script(name, path) for name, path in zip(("v1", "v2"), sys.argv[1:]))

TYPES = ["PER", "LOC", "creative-work", "_", "", "é"]


def tag():
    if rng.random() < 0.35:
        return "O"
    prefix, kind = rng.choice("BIIES"), rng.choice(TYPES[: rng.choice([1, 2, 6])])
    return f"{prefix}-{kind}" if rng.random() < 0.95 else prefix


def averages(truth, predicted):
    def scores(average):
        values = precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
        return [[float(v) for v in values[:3]], int(values[3])] if average else [[float(v) for v in x] for x in values]

    return {name: scores(name) for name in ("micro", "macro", "weighted")} | {"types": scores(None)}


def entity_case():
    truth = [[tag() for _ in range(rng.choice([0, 1, 2, 5, 9]))] for _ in range(rng.choice([1, 1, 2, 3]))]
    change = rng.choice([0.0, 0.1, 0.5, 1.0])
    predicted = [[tag() if rng.random() < change else t for t in row] for row in truth]
    spans = [[[kind, start, end + 1] for kind, start, end in get_entities(row)] for row in predicted]
    case = {"truth": truth, "predicted": predicted, "spans": spans}
    names = {kind for rows in (truth, predicted) for row in rows for kind, *_ in get_entities(row)}
    return case | ({"scores": averages(truth, predicted)} if names else {})


WORDS = ["the", "The", "a", "an", "AN", "cat", "Katze", "théâtre", "e\u0301tude", "İstanbul", "ΣΟΦΟΣ", "don't", "$3.50", "3",
         "—", "…", "«an»", "a-b", "a.", "(the)", "a_b", "_a", "theme", "ana", "猫", "the猫", "١", "½a", "\u0301a", "😀", "😀the",
         "", "U.S.", "u s", "'", "`the`", "Straße", "STRASSE", "ﬁ"]  # fmt: skip
SPACES = [" ", " ", " ", "  ", "\t", "\n", "\u00a0", "\u3000", "\x1c", "\x85", "\u200b", "\ufeff", "\u2028", ""]


def text():
    return "".join(rng.choice(WORDS) + rng.choice(SPACES) for _ in range(rng.choice([0, 1, 1, 2, 3, 6])))


def answer_case():
    answers = [text() for _ in range(rng.choice([1, 1, 2, 3]))]
    prediction = rng.choice(answers) if rng.random() < 0.3 else text()
    if rng.random() < 0.4:
        prediction = rng.choice(["the ", "", " A"]) + prediction.swapcase() + rng.choice([".", " cat", "\u3000"])
    old = [v1.metric_max_over_ground_truths(f, prediction, answers) for f in (v1.exact_match_score, v1.f1_score)]
    if rng.random() < 0.1:
        answers = []
    gold = [a for a in answers if v2.normalize_answer(a)] or [""]
    new = [max(f(a, prediction) for a in gold) for f in (v2.compute_exact, v2.compute_f1)]
    case = {"prediction": prediction, "answers": answers, "v2": [float(x) for x in new]}
    return case | ({"v1": [float(x) for x in old]} if answers else {})


cases = {"entities": [entity_case() for _ in range(1000)], "answers": [answer_case() for _ in range(1000)]}
body = json.dumps(cases, ensure_ascii=True, separators=(",", ":"))
(Path(__file__).parent / "metrics.json").write_text(body + "\n")
