"""Writes bpe.json: what Hugging Face's trainer (tokenizers 0.22+) learns from a few lines. Run: python bpe.py"""
import json
import pathlib

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

LINES = """The cat sat on the mat; the dog didn't.
Le chat s'est assis sur le tapis ; le chien, non\u202f!
She sells sea shells by the sea shore, and the shells she sells are sea shells.
L\u2019été dernier, j'ai été à l'étranger. Où étais-tu ?
aaaa aaaaa aaa aa a bbbb abababab banana bananas
12 123 1234 12345, 3.14159 and 2.71828
I'll, you've, we're, he'd, I'm, it's   three   spaces
\u732b\u304c\u597d\u304d\u3067\u3059\u3002 \U0001f600\U0001f600 \U0001f1eb\U0001f1f7
Do it now. Do it again. Do it now, not again.
Elle est là-bas, elle est ici, elle est partout""".split("\n")
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\u200b"
SPACED = [f"{s}word{s}two words{s}{s}" for s in SPACES] + [s * 3 for s in SPACES] + ["word word two words", "été\u0301 été", "\r\nword\r\n"] * 2


def train(lines, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.NFC(), normalizers.Replace("\u202f", " "), normalizers.Replace("\u00a0", " "),
        normalizers.Replace("\u2019", "'")])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=size, min_frequency=2, special_tokens=["<pad>", "<bos>", "<eos>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    return dict(lines=lines, vocabSize=size, vocab=model["vocab"], merges=model["merges"],
                ids=[tokenizer.encode(line, add_special_tokens=False).ids for line in lines])


out = dict(**train(LINES, 330), spaced=train(SPACED, 300))
(pathlib.Path(__file__).parent / "bpe.json").write_text(json.dumps(out) + "\n")
