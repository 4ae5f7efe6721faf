"""Writes folders of tiny random Hugging Face models, and what they compute. Run: python pretrained.py

For each class: NAME/config.json and NAME/model.safetensors (one also in shards) as `save_pretrained` writes them, and
NAME/expected.safetensors: the batch, outputs (padding zeroed), gradients (`grad.` before their names) and the losses of
five AdamW steps. vocabularies.json holds tokenizer.json of BERT's vocab.txt. Needs torch, transformers, safetensors.
"""
import json
import pathlib
import shutil

import torch
import transformers
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
B, T = 3, 6
# No padding where a loss sees it: RoBERTa's padding position has no gradient there, and ours does.
whole = ("RobertaForQuestionAnswering", "RobertaForQuestionAnswering-small")


def bert(vocab=17, dim=8, layers=2, heads=2, ffn=12, **more):
    return dict(vocab_size=vocab, hidden_size=dim, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=ffn, max_position_embeddings=9,
                hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **more)


def distil(vocab=17, dim=8, layers=2, heads=2, ffn=12, **more):
    return dict(vocab_size=vocab, dim=dim, n_layers=layers, n_heads=heads, hidden_dim=ffn, max_position_embeddings=9, dropout=0.0, attention_dropout=0.0,
                seq_classif_dropout=0.0, qa_dropout=0.0, **more)


def roberta(**more):
    return bert(**{"type_vocab_size": 1, "layer_norm_eps": 1e-5, **more})


small = dict(vocab=23, dim=12, layers=1, heads=3, ffn=20)
problems = dict(single=dict(num_labels=3), multi=dict(num_labels=3, problem_type="multi_label_classification"), regression=dict(num_labels=1))
cases = []
for family, make in dict(Bert=bert, DistilBert=distil, Roberta=roberta).items():
    for task in ["Model", "ForPreTraining", "ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering"]:
        if task == "ForPreTraining" and family != "Bert":
            continue
        labels = dict(num_labels=2 if task == "ForQuestionAnswering" else 3)
        cases.append((f"{family}{task}", family, task, make(**labels)))
        cases.append((f"{family}{task}-small", family, task, make(**small, **labels)))
for name in ["multi", "regression"]:
    cases.append((f"BertForSequenceClassification-{name}", "Bert", "ForSequenceClassification", bert(**problems[name])))
cases.append(("BertForMaskedLM-untied", "Bert", "ForMaskedLM", bert(tie_word_embeddings=False)))


def labels_of(task, config, mask):
    ids = torch.randint(3, config.vocab_size, (B, T))
    if task in ("ForMaskedLM", "ForPreTraining"):
        return dict(labels=torch.where((torch.arange(T) % 2 == 1) & (mask == 1), ids, -100))
    if task == "ForTokenClassification":
        return dict(labels=torch.where(mask == 1, ids % config.num_labels, -100))
    if task == "ForQuestionAnswering":
        return dict(start_positions=torch.tensor([1, 0, 9]), end_positions=torch.tensor([3, 2, 1]))
    if task == "ForSequenceClassification":
        if config.problem_type == "multi_label_classification":
            return dict(labels=(torch.rand(B, config.num_labels) > 0.5).float())
        return dict(labels=torch.randn(B)) if config.num_labels == 1 else dict(labels=torch.tensor([0, 2, 1]))
    return {}


def write(name, family, task, sizes, seed):
    torch.manual_seed(seed)
    lens = torch.tensor([6, 6, 6] if name in whole else [6, 4, 2])
    mask = (torch.arange(T) < lens[:, None]).long()
    config = getattr(transformers, f"{family}Config")(**sizes)
    if task == "ForSequenceClassification" and config.num_labels > 1 and config.problem_type is None:
        config.problem_type = "single_label_classification"
    config._attn_implementation = "eager"
    model = getattr(transformers, f"{family}{task}")(config).train()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    folder = here / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    if name == "BertForMaskedLM-small":
        model.save_pretrained(here / f"{name}-shards", max_shard_size="4KB")
    ids = torch.randint(3, config.vocab_size, (B, T))
    ids = torch.where(mask == 1, ids, torch.tensor(config.pad_token_id))
    batch = dict(input_ids=ids, attention_mask=mask)
    if family == "Bert":
        batch["token_type_ids"] = ((torch.arange(T) >= 3).long() * mask).contiguous()
    labels = labels_of(task, config, mask)
    if task == "ForPreTraining":
        labels["next_sentence_label"] = torch.tensor([0, 1, 0])

    def run():
        out = model(**batch, **labels)
        named = {k: v for k, v in out.items() if isinstance(v, torch.Tensor) and k != "loss"}
        if task == "Model":
            return named, sum((v * mask[..., None] if v.dim() == 3 else v).pow(2).mean() for v in named.values())
        return named, out["loss"]

    named, loss = run()
    loss.backward()
    grads = {f"grad.{n}": p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}
    outputs = {}
    for k, v in named.items():
        steps = v.dim() >= 2 and v.shape[1] == T
        outputs[f"out.{k}"] = (v * mask.reshape(B, T, *[1] * (v.dim() - 2)) if steps else v).detach().contiguous()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.01)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = run()[1]
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    tensors = {**batch, **labels, **outputs, **grads, "lens": lens, "losses": torch.stack(losses)}
    save_file({k: v.to(torch.int32) if v.dtype == torch.int64 else v for k, v in tensors.items()}, folder / "expected.safetensors")


for i, (name, family, task, sizes) in enumerate(cases):
    write(name, family, task, sizes, i + 1)
(here / "cases.json").write_text(json.dumps([dict(name=n, family=f.lower(), task=t) for n, f, t, _ in cases]) + "\n")

words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", ",", "猫", "é", "e", "2", "a\u0085b"]
vocabularies = []
for settings in [{}, {"do_lower_case": False}, {"strip_accents": False, "tokenize_chinese_chars": False}]:
    folder = here / "vocabulary"
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    tokenizer = transformers.BertTokenizerFast.from_pretrained(folder, **settings)
    texts = ["The cats, 猫 é [MASK]!", "thecats 2\u0085 a"]
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    vocabularies.append(dict(settings=settings, json=json.loads(tokenizer.backend_tokenizer.to_str()), texts=texts, ids=ids))
    shutil.rmtree(folder)
(here / "vocabularies.json").write_text(json.dumps(dict(words=words, cases=vocabularies)) + "\n")
