"""Writes layers.json: PyTorch's numbers for single Transformer layers, and Llama's rotary positions. Run: python layers.py

Each case holds weights by PyTorch's names, inputs, the output, and the gradients of sum(output * probe) with respect to
all of them. Needs torch and transformers.
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from pack import flat, pack

B, S, T, D, H, FF = 2, 5, 3, 8, 2, 12
LENS = torch.tensor([5, 3])
HIDDEN = torch.arange(S) >= LENS[:, None]


def case(kind, model, run, inputs, **options):
    for p in model.parameters():
        nn.init.normal_(p, std=0.4)
    for x in inputs.values():
        x.requires_grad_()
    output, *rest = run(model, **inputs)
    probe = torch.randn_like(output)
    (output * probe).sum().backward()
    named = dict(model.named_parameters())
    return dict(kind=kind, **options, lens=LENS.tolist(), weights=pack(named), inputs=pack(inputs), probe=flat(probe), output=flat(output),
                attention=flat(rest[0]) if rest else None, gradients={n: flat(x.grad) for n, x in {**named, **inputs}.items()})


def attention(bias, causal):
    torch.manual_seed(3)
    mask = torch.randn(S, S) if causal is None else None
    model = nn.MultiheadAttention(D, H, bias=bias, batch_first=True)
    triangle = torch.triu(torch.ones(S, S, dtype=torch.bool), 1)
    run = lambda m, x: m(x, x, x, key_padding_mask=None if causal is None else HIDDEN, attn_mask=mask if causal is None else triangle if causal else None, average_attn_weights=False)
    return case("self-attention", model, run, dict(x=torch.randn(B, S, D)), bias=bias, causal=bool(causal), mask=None if mask is None else flat(mask))


def cross():
    torch.manual_seed(4)
    run = lambda m, x, memory: m(x, memory, memory, key_padding_mask=HIDDEN, average_attn_weights=False)
    return case("cross-attention", nn.MultiheadAttention(D, H, batch_first=True), run, dict(x=torch.randn(B, T, D), memory=torch.randn(B, S, D)), bias=True)


def encoder(norm_first, activation):
    torch.manual_seed(5)
    model = nn.TransformerEncoderLayer(D, H, FF, dropout=0.0, activation=activation, batch_first=True, norm_first=norm_first)
    return case("encoder", model, lambda m, x: (m(x, src_key_padding_mask=HIDDEN),), dict(x=torch.randn(B, S, D)), normFirst=norm_first, activation=activation)


def decoder(norm_first, activation):
    torch.manual_seed(6)
    model = nn.TransformerDecoderLayer(D, H, FF, dropout=0.0, activation=activation, batch_first=True, norm_first=norm_first)
    causal = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)
    run = lambda m, x, memory: (m(x, memory, tgt_mask=causal, memory_key_padding_mask=HIDDEN),)
    return case("decoder", model, run, dict(x=torch.randn(B, T, D), memory=torch.randn(B, S, D)), normFirst=norm_first, activation=activation)


class SwiGLU(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense1, self.dense2, self.gate = nn.Linear(D, FF), nn.Linear(FF, D), nn.Linear(D, FF)

    def forward(self, x):
        return self.dense2(F.silu(self.dense1(x)) * self.gate(x))


def swiglu():
    torch.manual_seed(7)
    return case("swiglu", SwiGLU(), lambda m, x: (m(x),), dict(x=torch.randn(B, S, D)))


def rotary(offset):
    torch.manual_seed(8)
    d = D // H
    angles = torch.outer(torch.arange(offset, offset + S).float(), 10000 ** (-torch.arange(0, d, 2).float() / d))
    angles = torch.cat([angles, angles], -1)[None]
    turn = lambda m, x: (apply_rotary_pos_emb(x.view(B, S, H, d).transpose(1, 2), x.view(B, S, H, d).transpose(1, 2), angles.cos(), angles.sin())[0].transpose(1, 2).reshape(B, S, D),)
    return case("rotary", nn.Module(), turn, dict(x=torch.randn(B, S, D)), offset=offset)


cases = [attention(True, False), attention(True, True), attention(False, None), cross(), encoder(True, "gelu"), encoder(False, "relu"),
         decoder(True, "gelu"), decoder(False, "relu"), swiglu(), rotary(0), rotary(7)]
(pathlib.Path(__file__).parent / "layers.json").write_text(json.dumps(cases) + "\n")
