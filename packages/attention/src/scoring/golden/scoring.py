"""Writes scoring.json: PyTorch's numbers for additive, scaled dot-product and bilinear attention. Run: python scoring.py

The additive class is the book's. Each case holds weights, inputs, output, attention weights, and the gradients of
sum(output * probe) with respect to everything. Needs torch.
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

B, Q, K, D, H = 3, 2, 5, 4, 6
SIZES = dict(additive=(3, 7), dot=(3, 3), bilinear=(3, 7))


class Additive(nn.Module):
    def __init__(self, keys, queries):
        super().__init__()
        self.W_k, self.W_q = nn.Linear(keys, H, bias=False), nn.Linear(queries, H, bias=False)
        self.w_v = nn.Linear(H, 1, bias=False)

    def scores(self, q, k):
        return self.w_v(torch.tanh(self.W_q(q).unsqueeze(2) + self.W_k(k).unsqueeze(1))).squeeze(-1)


class Dot(nn.Module):
    def __init__(self, keys, queries):
        super().__init__()

    def scores(self, q, k):
        return q @ k.transpose(1, 2) / k.shape[-1] ** 0.5


class Bilinear(nn.Module):
    def __init__(self, keys, queries):
        super().__init__()
        self.W = nn.Linear(keys, queries, bias=False)

    def scores(self, q, k):
        return q @ self.W(k).transpose(1, 2)


def flat(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def case(name, cls, lens):
    torch.manual_seed(len(name))
    key_size, query_size = SIZES[name]
    model = cls(key_size, query_size)
    inputs = dict(queries=torch.randn(B, Q, query_size), keys=torch.randn(B, K, key_size), values=torch.randn(B, K, D))
    for x in inputs.values():
        x.requires_grad_()
    valid = torch.tensor(lens)
    limit = valid[:, None, None] if valid.dim() == 1 else valid[:, :, None]
    scores = model.scores(inputs["queries"], inputs["keys"]).masked_fill(torch.arange(K) >= limit, -1e6)
    weights = F.softmax(scores, -1)
    output = weights @ inputs["values"]
    probe = torch.randn(B, Q, D)
    (output * probe).sum().backward()
    return dict(kind=name, keySize=key_size, querySize=query_size, numHiddens=H, lens=lens, output=flat(output), attention=flat(weights),
                weights={n: dict(shape=list(p.shape), values=flat(p)) for n, p in model.named_parameters()},
                inputs={n: dict(shape=list(x.shape), values=flat(x)) for n, x in inputs.items()}, probe=flat(probe),
                gradients={**{n: flat(p.grad) for n, p in model.named_parameters()}, **{n: flat(x.grad) for n, x in inputs.items()}})


cases = [case("additive", Additive, [2, 5, 1]), case("dot", Dot, [[1, 4], [5, 2], [3, 3]]), case("bilinear", Bilinear, [4, 1, 3])]
(pathlib.Path(__file__).parent / "scoring.json").write_text(json.dumps(cases) + "\n")
