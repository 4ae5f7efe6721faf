"""Writes word_vectors.json: losses, gradients and Adam steps of skip-gram and GloVe in PyTorch, and fastText's hashes.

    python word_vectors.py     (needs torch)

The skip-gram model and its loss are those of the book's section 15.4; GloVe's loss is its equation (15.5.4).
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(1310)
V, D = 7, 4


def flat(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def run(names, parameters, loss_of):
    start = {n: dict(shape=list(p.shape), values=flat(p)) for n, p in zip(names, parameters)}
    loss = loss_of()
    loss.backward()
    gradients = {n: flat(p.grad) for n, p in zip(names, parameters)}
    optimizer, losses = torch.optim.Adam(parameters, lr=0.01), []
    for _ in range(3):
        optimizer.zero_grad()
        value = loss_of()
        losses.append(value.item())
        value.backward()
        optimizer.step()
    return dict(weights=start, gradients=gradients, losses=losses)


def skip_gram():
    v, u = nn.Embedding(V, D), nn.Embedding(V, D)
    centers = torch.tensor([[1], [4], [1]])
    words = torch.tensor([[2, 3, 5, 6, 6], [2, 2, 1, 0, 0], [6, 0, 0, 0, 0]])
    mask = torch.tensor([[1.0, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]])
    labels = torch.tensor([[1.0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]])

    def loss():
        pred = torch.bmm(v(centers), u(words).permute(0, 2, 1)).squeeze(1)
        out = F.binary_cross_entropy_with_logits(pred, labels, weight=mask, reduction="none").mean(dim=1)
        return (out / mask.sum(axis=1) * mask.shape[1]).mean()

    return run(["center.weight", "context.weight"], [v.weight, u.weight], loss)


def glove():
    tables = [nn.Embedding(V, width) for width in (D, D, 1, 1)]
    v, u, b, c = tables
    i, j, x = torch.tensor([1, 2, 2, 6]), torch.tensor([3, 2, 0, 6]), torch.tensor([0.5, 3.0, 100.0, 250.0])

    def loss():
        pred = (v(i) * u(j)).sum(-1) + b(i).squeeze(-1) + c(j).squeeze(-1)
        return (torch.clamp((x / 100) ** 0.75, max=1) * (pred - x.log()) ** 2).mean()

    names = ["center.weight", "context.weight", "centerBias.weight", "contextBias.weight"]
    return run(names, [t.weight for t in tables], loss)


def fnv(text):
    h = 2166136261
    for byte in text.encode():
        h = ((h ^ (byte - 256 if byte > 127 else byte) % 2**32) * 16777619) % 2**32  # uint32_t(int8_t(byte))
    return h


hashes = {text: fnv(text) for text in ["", "a", "<wh", "where", "été", "猫>", "😀"]}
out = pathlib.Path(__file__).parent / "word_vectors.json"
out.write_text(json.dumps(dict(skipGram=skip_gram(), glove=glove(), hashes=hashes), separators=(",", ":")) + "\n")
