"""Runs Python's `sacrebleu` command on small files and writes cli.json: arguments, output, exit codes.

    venv/bin/python generate_cli.py

Where sacrebleu ends in a traceback only the exit code is kept.
"""

import base64
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from texts import SENTENCES, damage

HERE = Path(__file__).parent
rng = random.Random(11)


def text(lines):
    return "".join(line + "\n" for line in lines)


EN = SENTENCES["en"] + [s for s in SENTENCES["de"] + SENTENCES["fr"] if "\n" not in s]
ZH = SENTENCES["zh"]
SYSTEMS = {f"sys{i}.txt": text(damage(rng, s) for s in EN) for i in range(3)}
FILES = {
    "ref.txt": text(EN),
    "ref2.txt": text(damage(rng, s) for s in EN),
    **SYSTEMS,
    "refs.tsv": text(f"{s}\t{damage(rng, s)}\t{damage(rng, s)}" for s in EN),
    "zh.ref": text(ZH),
    "zh.sys": text(damage(rng, s) for s in ZH),
    "short.txt": text(EN[:5]),
    "empty.txt": "",
    "blank.txt": "\n" * len(EN),
    "crlf.txt": "".join(s + " \r\n" for s in EN),
    "noeol.txt": text(EN)[:-1],
    "tokenized.ref": text(f"line {i} has an end ." for i in range(120)),
    "tokenized.sys": text(f"line {i} has the end ." for i in range(120)),
    "cache/wmt17/wmt17.en-de.src": text(EN),
    "cache/wmt17/wmt17.en-de.ref": text(EN),
    "cache/wmt17/wmt17.en-de.docid": text(f"doc{i}" for i in range(len(EN))),
    "cache/wmt17/wmt17.en-de.genre": text("news" for _ in EN),
    "cache/wmt17/wmt17.en-de.origlang": text("en" for _ in EN),
}
BINARY = {
    "invalid.txt": text(EN[:3]).encode() + b"caf\xe9 here\n",
    "ref.txt.gz": gzip.compress(text(EN).encode(), mtime=0),
    "latin.ref": text(["caf\u00e9 au lait", "\u00fcber"]).encode("latin-1"),
    "latin.sys": text(["cafe au lait", "\u00fcber"]).encode("latin-1"),
}
TABBED = text(f"{a}\t{b}" for a, b in zip(SYSTEMS["sys0.txt"].splitlines(), SYSTEMS["sys1.txt"].splitlines()))

ALL = "-m bleu chrf ter"
CASES = [
    "ref.txt -i sys0.txt", f"ref.txt -i sys0.txt {ALL}", f"ref.txt -i sys0.txt {ALL} -f text", f"ref.txt -i sys0.txt {ALL} -f latex",
    "ref.txt -i sys0.txt -f text", "ref.txt -i sys0.txt -b", "ref.txt -i sys0.txt -b -w 4", f"ref.txt -i sys0.txt {ALL} -b", f"ref.txt -i sys0.txt {ALL} -b -f text",
    f"ref.txt -i sys0.txt {ALL} -f text -sh -w 3", "ref.txt -i sys0.txt -sh", f"ref.txt ref2.txt -i sys0.txt {ALL} -f text", f"refs.tsv -nr 3 -i sys0.txt {ALL} -f text",
    f"ref.txt -i ref.txt {ALL} -f text", f"ref.txt -i blank.txt {ALL} -f text", f"blank.txt -i sys0.txt {ALL} -f text",
    "ref.txt.gz -i crlf.txt -f text", "noeol.txt -i sys1.txt -f text", "latin.ref -i latin.sys -e latin-1 -m chrf -f text",
    f"ref.txt -i sys0.txt {ALL} -ci -cin 50", f"ref.txt -i sys0.txt {ALL} -ci -f text -w 2", f"ref.txt -i sys0.txt {ALL} -ci -b -f text", f"ref.txt ref2.txt sys2.txt -i sys0.txt {ALL} -ci -cin 300 -f text -w 6",
    f"ref.txt -i sys0.txt sys1.txt sys2.txt {ALL} -f text", f"ref.txt -i sys0.txt sys1.txt {ALL}", f"ref.txt -i sys0.txt sys1.txt {ALL} -f latex -sh -w 2", "ref.txt -i sys0.txt sys1.txt -f text -q",
    f"ref.txt -i sys0.txt sys1.txt sys2.txt {ALL} -pbs -f text", "ref.txt -i sys0.txt sys1.txt -m bleu -pbs -pbsn 100", f"ref.txt -i sys0.txt sys1.txt {ALL} -pbs -f latex -sh",
    f"ref.txt -i sys0.txt sys1.txt sys2.txt {ALL} -par -parn 500 -f text", f"ref.txt -i sys0.txt sys1.txt {ALL} -par -parn 200", f"ref.txt -i sys0.txt sys1.txt {ALL} -par -parn 200 -f latex -w 3",
    "ref.txt -i sys0.txt sys0.txt sys1.txt -m ter chrf -pbs -pbsn 60 -f text", "ref.txt -i sys0.txt sys1.txt -m ter -pbs -pbsn 60 -f text -q -nc",
    "ref.txt -i sys0.txt -sl", "ref.txt -i sys0.txt -sl -m chrf -b -w 4", "ref.txt ref2.txt -i sys0.txt -sl -m ter -sh", "ref.txt -i sys0.txt -sl -s floor -sv 0.5 -tok intl -lc",
    *[f"ref.txt -i sys1.txt -tok {tok} -f text" for tok in ("none", "zh", "13a", "intl", "char")], "ref.txt -i sys1.txt -lc -s add-k -f text", "ref.txt -i sys1.txt -s add-k -sv 1.5 -f text",
    "ref.txt -i sys1.txt -s none --tokenize=char -f text", "ref.txt -i sys1.txt --smooth-m floor -f=text", "zh.ref -i zh.sys -l en-zh -f text", "zh.ref -i zh.sys -l en-zh -tok 13a -f text",
    "ref.txt -i sys2.txt -m chrf -cw 2 -cc 4 --chrf-beta 3 --chrf-whitespace --chrf-lowercase -f text", "ref.txt -i sys2.txt -m chrf --chrf-word-order 1 --chrf-eps-smoothing -f text -w3",
    "zh.ref -i zh.sys -m ter --ter-normalized --ter-asian-support -f text", "ref.txt -i sys2.txt -m ter --ter-no-punct --ter-case-sensitive -f text",
    # Numbers that the API refuses
    "ref.txt -i sys2.txt -m chrf --chrf-beta -1 -f text", "ref.txt -i sys2.txt -m chrf --chrf-beta 0 -f text", "ref.txt -i sys2.txt -s floor -sv nan -f text",
    "ref.txt -i sys2.txt -s add-k -sv -0.5 -f text", "ref.txt -i sys2.txt -ci -cin -5 -f text", "ref.txt -i sys2.txt -m chrf -cc 0 -f text",
    "tokenized.ref -i tokenized.sys -f text", "tokenized.ref -i tokenized.sys -f text -q", "tokenized.ref -i tokenized.sys -f text --force",
    "-t wmt17 -l en-de -i sys0.txt -f text", "-t wmt17,wmt17 -l en-de -i sys0.txt", "-t wmt17 -l en-de --echo src ref", "-t wmt17 -l en-de -tok none -i sys0.txt -f text",
    # Wrong input
    "ref.txt -i short.txt", "ref.txt short.txt -i sys0.txt", "-t wmt17 -l en-de -i sys0.txt ref.txt", "ref.txt -i missing.txt", "missing.txt -i sys0.txt", "ref.txt -i invalid.txt", "ref.txt -i empty.txt", "empty.txt -i empty.txt",
    "ref.txt -i sys0.txt --nonsense", "ref.txt -i sys0.txt --nonsense -Z 3", "ref.txt -i sys0.txt -m blue", "ref.txt -i sys0.txt -w x", "ref.txt -i sys0.txt -sv x -s floor", "ref.txt -i sys0.txt -w", "ref.txt -i sys0.txt -m",
    "ref.txt -i sys0.txt -f xml", "ref.txt -i sys0.txt -tok 14a", "ref.txt -i sys0.txt --chrf", "ref.txt -i sys0.txt -pb", "ref.txt -b ref2.txt -i sys0.txt", "ref.txt -i sys0.txt -par -pbs", "ref.txt -i sys0.txt -pbs", "ref.txt -i sys0.txt sys1.txt -ci",
    "ref.txt -i sys0.txt -sl -ci", "ref.txt -i sys0.txt sys1.txt -sl", f"ref.txt -i sys0.txt -sl {ALL}", "ref.txt ref2.txt -nr 2 -i sys0.txt", "ref.txt -nr 2 -i sys0.txt", "ref.txt -i sys0.txt sys0.txt", "-t wmt17 -i sys0.txt",
    "ref.txt -i sys0.txt -b=3", "--echo src", "ref.txt -i sys0.txt -tok ja-mecab", "ref.txt -i sys0.txt -tok ko-mecab",
]
STDIN = [
    ("ref.txt -f text", SYSTEMS["sys0.txt"]), ("ref.txt -f text", SYSTEMS["sys0.txt"].replace("\n", "\r\n")), (f"ref.txt {ALL} -f text", TABBED), ("ref.txt -pbs -pbsn 50 -f text", TABBED),
    ("ref.txt", ""), ("ref.txt", TABBED.replace("\t", " ", 1)), ("ref.txt", TABBED + "one field\n"),
]
ENVIRONMENT = [
    ("ref.txt -i sys0.txt", {"SACREBLEU_FORMAT": "TEXT"}), ("ref.txt -i sys0.txt -ci -cin 40 -f text", {"SACREBLEU_SEED": "7"}), ("ref.txt -i sys0.txt sys1.txt -par -parn 100 -f text", {"SACREBLEU_SEED": "123456789012345678901"}),
]


def run(arguments, folder, stdin="", env=None):
    result = subprocess.run(
        [sys.executable, "-m", "sacrebleu", *arguments.split()], cwd=folder, input=stdin.encode(), capture_output=True,
        env={"PATH": os.environ["PATH"], "SACREBLEU": str(folder / "cache"), "LC_ALL": "C.UTF-8", **(env or {})},
    )
    error = result.stderr.decode().replace(str(folder), "FOLDER")
    if "Traceback" in error:
        error = None
    elif "usage:" in error:
        error = error.splitlines()[-1].replace("sacrebleu: error", "sacrebleu-ts: error").replace("__main__.py: error", "sacrebleu-ts: error")
    case = {"arguments": arguments, "code": result.returncode, "out": result.stdout.decode(), "error": error}
    return {**case, **({"stdin": stdin} if stdin else {}), **({"env": env} if env else {})}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in FILES.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content, encoding="utf-8", newline="")
        for path, content in BINARY.items():
            (folder / path).write_bytes(content)
        cases = [run(arguments, folder) for arguments in CASES]
        cases += [run(arguments, folder, stdin=stdin) for arguments, stdin in STDIN]
        cases += [run(arguments, folder, env=env) for arguments, env in ENVIRONMENT]
    golden = {"files": FILES, "binary": {k: base64.b64encode(v).decode() for k, v in BINARY.items()}, "cases": cases}
    (HERE / "cli.json").write_text(json.dumps(golden, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(len(cases), "cases,", sum(c["error"] is None for c in cases), "tracebacks")


if __name__ == "__main__":
    main()
