"""Writes bert.json: numbers of two tiny BERTs, Hugging Face's and the book's. Run: python bert.py

Each case holds weights (Hugging Face's names; the book's under our names, its separate projections packed), a batch,
hidden states, logits, the loss's gradients, and the losses of three Adam steps. Needs torch and transformers.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn
from transformers import BertConfig, BertForPreTraining

V, D, H, FF, L, B, T, P, MAX = 13, 8, 2, 12, 2, 3, 6, 2, 10


def flat(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def pack(tensors):
    return {name: dict(shape=list(x.shape), values=flat(x)) for name, x in tensors.items()}


class HuggingFace(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = BertForPreTraining(BertConfig(vocab_size=V, hidden_size=D, num_hidden_layers=L, num_attention_heads=H, intermediate_size=FF, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, max_position_embeddings=MAX, attn_implementation="eager"))

    def forward(self, ids, segments, lens, positions):
        mask = (torch.arange(T) < lens[:, None]).long()
        hidden = self.net.bert(ids, mask, segments)[0]
        out = self.net(ids, mask, segments)
        return hidden, out.prediction_logits.gather(1, positions[..., None].expand(-1, -1, V)), out.seq_relationship_logits.flip(1)

    def named(self, gradients=False):
        return {n: p.grad if gradients else p for n, p in self.net.named_parameters()}


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(D, D) for _ in range(4))

    def split(self, x):
        return x.view(B, T, H, D // H).transpose(1, 2)

    def forward(self, x, lens):
        q, k, v = self.split(self.W_q(x)), self.split(self.W_k(x)), self.split(self.W_v(x))
        scores = (q @ k.transpose(2, 3) / math.sqrt(D // H)).masked_fill(torch.arange(T) >= lens[:, None, None, None], -1e6)
        return self.W_o((F.softmax(scores, -1) @ v).transpose(1, 2).reshape(B, T, D))


class BookBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.norm1, self.norm2 = Attention(), nn.LayerNorm(D), nn.LayerNorm(D)
        self.dense1, self.dense2 = nn.Linear(D, FF), nn.Linear(FF, D)

    def forward(self, x, lens):
        y = self.norm1(x + self.attention(x, lens))
        return self.norm2(y + self.dense2(F.relu(self.dense1(y))))


class Book(nn.Module):
    def __init__(self):
        super().__init__()
        self.token, self.segment = nn.Embedding(V, D), nn.Embedding(2, D)
        self.position = nn.Parameter(torch.randn(MAX, D))
        self.blocks = nn.ModuleList(BookBlock() for _ in range(L))
        self.mlp = nn.Sequential(nn.Linear(D, D), nn.ReLU(), nn.LayerNorm(D), nn.Linear(D, V))
        self.hidden, self.nsp = nn.Sequential(nn.Linear(D, D), nn.Tanh()), nn.Linear(D, 2)

    def forward(self, ids, segments, lens, positions):
        x = self.token(ids) + self.segment(segments) + self.position[:T]
        for block in self.blocks:
            x = block(x, lens)
        picked = x.gather(1, positions[..., None].expand(-1, -1, D))
        return x, self.mlp(picked), self.nsp(self.hidden(x[:, 0]))

    def named(self, gradients=False):
        get = lambda p: p.grad if gradients else p
        both = lambda name, m: {f"{name}.weight": get(m.weight), f"{name}.bias": get(m.bias)}
        out = {"encoder.token_embedding.weight": get(self.token.weight), "encoder.segment_embedding.weight": get(self.segment.weight), "encoder.position_embedding.weight": get(self.position)}
        for i, b in enumerate(self.blocks):
            a, at = b.attention, f"encoder.layers.{i}"
            out[f"{at}.self_attn.in_proj_weight"] = torch.cat([get(m.weight) for m in (a.W_q, a.W_k, a.W_v)])
            out[f"{at}.self_attn.in_proj_bias"] = torch.cat([get(m.bias) for m in (a.W_q, a.W_k, a.W_v)])
            for name, m in {"self_attn.out_proj": a.W_o, "norm1": b.norm1, "norm2": b.norm2, "linear1": b.dense1, "linear2": b.dense2}.items():
                out |= both(f"{at}.{name}", m)
        for name, m in {"pooler": self.hidden[0], "mlm.dense": self.mlp[0], "mlm.norm": self.mlp[2], "mlm.decoder": self.mlp[3], "nsp.output": self.nsp}.items():
            out |= both(name, m)
        return out


def case(kind, cls, seed):
    torch.manual_seed(seed)
    model = cls()
    for p in model.parameters():
        nn.init.normal_(p, std=0.3)
    weights = pack(model.named())
    lens = torch.tensor([6, 4, 2])
    ids, segments = torch.randint(1, V, (B, T)), (torch.arange(T) >= 3).long().expand(B, T).contiguous()
    positions, labels = torch.tensor([[1, 5], [0, 3], [1, 0]]), torch.randint(1, V, (B, P))
    counts, follows = torch.tensor([[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]]), torch.tensor([1, 0, 1])

    def losses_of():
        _, mlm, nsp = model(ids, segments, lens, positions)
        tokens = (F.cross_entropy(mlm.reshape(-1, V), labels.reshape(-1), reduction="none") * counts.reshape(-1)).sum() / counts.sum()
        return tokens, F.cross_entropy(nsp, follows)

    hidden, mlm, nsp = model(ids, segments, lens, positions)
    sum(losses_of()).backward()
    gradients = pack(model.named(gradients=True))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(4):
        optimizer.zero_grad()
        loss = sum(losses_of())
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    batch = dict(ids=ids, segments=segments, validLens=lens, positions=positions, labels=labels, weights=counts, nextSentence=follows)
    return dict(kind=kind, weights=weights, batch={n: x.tolist() for n, x in batch.items()}, hidden=flat(hidden), maskLogits=flat(mlm),
                nextSentenceLogits=flat(nsp), gradients=gradients, losses=losses)


sizes = dict(vocabSize=V, dim=D, numHeads=H, ffnDim=FF, numLayers=L, dropout=0, maxLen=MAX)
cases = [case("Hugging Face", HuggingFace, 1), case("the book", Book, 2)]
(pathlib.Path(__file__).parent / "bert.json").write_text(json.dumps(dict(sizes=sizes, cases=cases)) + "\n")
