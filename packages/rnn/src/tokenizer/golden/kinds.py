"""Writes kinds.json: sixteen kinds of tokenizer.json, trained by Hugging Face's own trainers on a text of many scripts.

    python kinds.py     (needs tokenizers 0.23 and sentencepiece)

WordPiece's trainer depends on the order of a hash table, so a new run may give other vocabularies; each file is whole.
"""

import base64
import io
import json
import tempfile
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXT = """The quick brown fox jumps over the lazy dog, doesn't it? I'm sure they've seen 12 of 345 foxes in 1999.
Les élèves étaient là-bas; l'été, ça n'a pas d'importance. Où est le garçon ? Voilà : « déjà vu ».
Die Straße ist größer als früher, sagte Jürgen. Äpfel, Öl und Übung!
El niño comió una manzana; ¿dónde está el baño? ¡Qué bien!
Съешь же ещё этих мягких французских булок, да выпей чаю.
Η γρήγορη αλεπού πηδά πάνω από το τεμπέλικο σκυλί. ΟΔΟΣ ΣΟΦΙΑΣ
今天天气很好，我们去公园散步吧。他有三本书。
吾輩は猫である。名前はまだ無い。カタカナもあります。
나는 학교에 갑니다. 오늘은 날씨가 좋습니다.
هذا كتاب جديد. ١٢٣ زكريّا
यह एक किताब है। नमस्ते दुनिया १२३
สวัสดีครับ ผมชื่อสมชาย
The end. 😀 👍🏽 👨‍👩‍👧 ½ ² Ⅷ ﬁn ｆｕｌｌ x_y a-b e-mail@example.com http://a.b/c?d=e#f $3.50 50% [x] {y} <z>
""".splitlines()
SPECIAL = ["<unk>", "<s>", "</s>", "<pad>"]
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
kinds = {}


def train(name, model, trainer, normalizer=None, pre_tokenizer=None, decoder=None, post_processor=None, added=()):
    tokenizer = Tokenizer(model)
    for key, part in dict(normalizer=normalizer, pre_tokenizer=pre_tokenizer, decoder=decoder, post_processor=post_processor).items():
        if part is not None:
            setattr(tokenizer, key, part)
    tokenizer.train_from_iterator(TEXT, trainer)
    if added:
        tokenizer.add_tokens(list(added))
    kinds[name] = json.loads(tokenizer.to_str())


def bpe(special=SPECIAL, size=500, **more):
    return trainers.BpeTrainer(vocab_size=size, special_tokens=special, show_progress=False, **more)


byte_alphabet = pre_tokenizers.ByteLevel.alphabet()
train("byte-level with prefix space", models.BPE(), bpe(initial_alphabet=byte_alphabet), normalizers.NFC(),
      pre_tokenizers.ByteLevel(add_prefix_space=True), decoders.ByteLevel(), processors.ByteLevel())
train("byte-level without prefix space", models.BPE(), bpe(["<|endoftext|>"], initial_alphabet=byte_alphabet), None,
      pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel(), processors.ByteLevel())
for scheme in ("always", "first", "never"):
    train(f"metaspace {scheme}", models.BPE(unk_token="<unk>", fuse_unk=scheme == "first"), bpe(), normalizers.NFKC() if scheme == "first" else None,
          pre_tokenizers.Metaspace(prepend_scheme=scheme), decoders.Metaspace(prepend_scheme=scheme),
          added=[AddedToken("<x>")] if scheme == "first" else [])
bytes_ = [f"<0x{b:02X}>" for b in range(256)]
train("byte fallback", models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True), bpe(SPECIAL + bytes_, 700, limit_alphabet=60),
      normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), None,
      decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]))
for token in bytes_:  # byte tokens belong to the vocabulary, not to the added tokens
    kinds["byte fallback"]["added_tokens"] = [t for t in kinds["byte fallback"]["added_tokens"] if t["content"] not in bytes_]
train("end of word suffix", models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), bpe(end_of_word_suffix="</w>"), normalizers.Lowercase(),
      pre_tokenizers.Whitespace(), decoders.BPEDecoder("</w>"))
train("continuing prefix", models.BPE(unk_token="<unk>", continuing_subword_prefix="##"), bpe(continuing_subword_prefix="##", limit_alphabet=80),
      normalizers.Strip(), pre_tokenizers.BertPreTokenizer(), decoders.WordPiece("##", cleanup=False))
train("digits and split", models.BPE(), bpe(["<|begin|>"], initial_alphabet=byte_alphabet), None,
      pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), pre_tokenizers.Digits(individual_digits=True),
                               pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), decoders.ByteLevel())
train("NFD without accents", models.BPE(unk_token="<unk>"), bpe(limit_alphabet=70),
      normalizers.Sequence([normalizers.Nmt(), normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents(), normalizers.Replace(Regex(r"\s{2,}"), " ")]),
      pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.Digits()]))
for name, lowercase in (("cased", False), ("uncased", True)):
    train(f"WordPiece {name}", models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20),
          trainers.WordPieceTrainer(vocab_size=500, special_tokens=BERT, limit_alphabet=150, show_progress=False),
          normalizers.BertNormalizer(lowercase=lowercase), pre_tokenizers.BertPreTokenizer(), decoders.WordPiece())
train("WordLevel", models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(vocab_size=100, special_tokens=BERT, show_progress=False),
      normalizers.NFKD(), pre_tokenizers.Whitespace())
train("characters", models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer(vocab_size=120, special_tokens=SPECIAL, show_progress=False),
      None, pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated"), decoders.Fuse())

# A SentencePiece model with a character map of its own, as transformers converts it.
with tempfile.TemporaryDirectory() as folder:
    rules = Path(folder) / "rules.tsv"
    pairs = {"é": "e", "É": "E", "ß": "ss", "ﬁ": "fi", "½": "1/2", "…": "...", "a\u0301": "á", "\u00a0": " ", "\t": " ", "\u200b": "", "Σ": "σ", "🏽": "*"}
    rules.write_text("".join(f"{' '.join(f'{ord(c):X}' for c in a)}\t{' '.join(f'{ord(c):X}' for c in b)}\n" for a, b in pairs.items()))
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(TEXT), model_writer=model, vocab_size=300, model_type="unigram",
                                             normalization_rule_tsv=str(rules), character_coverage=0.98, minloglevel=2)
processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
from transformers.convert_slow_tokenizer import import_protobuf  # noqa: E402

proto = import_protobuf().ModelProto.FromString(model.getvalue())
charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()
vocab = [(processor.id_to_piece(i), processor.get_score(i)) for i in range(processor.get_piece_size())]
unigram = Tokenizer(models.Unigram(vocab, processor.unk_id()))
unigram.pre_tokenizer = pre_tokenizers.Metaspace()
unigram.decoder = decoders.Metaspace()
unigram.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ("<unk>", "<s>", "</s>")])
kinds["Unigram"] = json.loads(unigram.to_str())
kinds["Unigram"]["normalizer"] = {"type": "Sequence", "normalizers": [
    {"type": "Precompiled", "precompiled_charsmap": charsmap}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]}
Tokenizer.from_str(json.dumps(kinds["Unigram"]))

train("added tokens", models.BPE(unk_token="<unk>"), bpe(limit_alphabet=70), normalizers.Lowercase(), pre_tokenizers.Whitespace(), None, None, [
    AddedToken("word", single_word=True), AddedToken("<l>", lstrip=True), AddedToken("<r>", rstrip=True), AddedToken("<lr>", lstrip=True, rstrip=True),
    AddedToken("CASE", normalized=True), AddedToken("Raw", normalized=False), AddedToken("é", single_word=True, normalized=True),
    AddedToken("over", normalized=False), AddedToken("overlap", normalized=False)])

assert len(kinds) == 16, list(kinds)
body = json.dumps(kinds, ensure_ascii=False, separators=(",", ":"))
(Path(__file__).parent / "kinds.json").write_text(body + "\n")
print({name: len(json.dumps(kind)) for name, kind in kinds.items()})
