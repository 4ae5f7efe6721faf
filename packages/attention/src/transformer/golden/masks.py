"""Writes masks.json: PyTorch's numbers for attention with separate values and with masks. Run: python masks.py

Each case holds weights by PyTorch's names, inputs, who may see whom (valid lengths of each row or each query, a mask that
is added to the scores), the output, and the gradients of sum(output * probe) with respect to weights and inputs.
"""
import json
import pathlib

import torch
from torch import nn

from pack import flat, pack

B, S, T, D, H, FF = 2, 5, 3, 8, 2, 12
LENS = torch.tensor([5, 3])
QUERY_LENS = torch.tensor([[5, 1, 3], [2, 4, 1]])


def beyond(lens):
    """Minus infinity where a key lies past the valid length, 0 elsewhere: lens' shape and an axis of keys."""
    return torch.zeros(*lens.shape, S).masked_fill(torch.arange(S) >= lens[..., None], float("-inf"))


def heads(mask):
    """A mask [batch, heads | 1, queries, keys] as nn.MultiheadAttention takes it."""
    return mask.expand(B, H, -1, -1).reshape(B * H, -1, S)


def case(name, kind, model, run, inputs, lens=None, mask=None, **options):
    for p in model.parameters():
        nn.init.normal_(p, std=0.4)
    for x in inputs.values():
        x.requires_grad_()
    output, *rest = run(model, **inputs)
    probe = torch.randn_like(output)
    (output * probe).sum().backward()
    named = dict(model.named_parameters())
    return dict(name=name, kind=kind, **options, lens=None if lens is None else lens.tolist(), mask=None if mask is None else pack(dict(mask=mask))["mask"],
                weights=pack(named), inputs=pack(inputs), probe=flat(probe), output=flat(output), attention=flat(rest[0]) if rest else None,
                gradients={n: flat(x.grad) for n, x in {**named, **inputs}.items()})


def attention(name, seed, lens=None, mask_shape=None, bias=True):
    """Queries, keys and values all different."""
    torch.manual_seed(seed)
    mask = None if mask_shape is None else torch.randn(mask_shape)
    hidden = torch.zeros(B, 1, T, S)
    if mask is not None:
        hidden = hidden + mask
    if lens is not None:
        hidden = hidden + beyond(lens).reshape(B, 1, -1, S)
    run = lambda m, queries, keys, values: m(queries, keys, values, attn_mask=heads(hidden), average_attn_weights=False)
    inputs = dict(queries=torch.randn(B, T, D), keys=torch.randn(B, S, D), values=torch.randn(B, S, D))
    return case(name, "attention", nn.MultiheadAttention(D, H, bias=bias, batch_first=True), run, inputs, lens, mask)


def encoder(name, seed, norm_first, lens=None, causal=False):
    torch.manual_seed(seed)
    mask = torch.full((S, S), -1e30).triu(1) if causal else torch.randn(S, S)
    model = nn.TransformerEncoderLayer(D, H, FF, dropout=0.0, batch_first=True, norm_first=norm_first)
    run = lambda m, x: (m(x, src_mask=mask, src_key_padding_mask=None if lens is None else beyond(lens)),)
    return case(name, "encoder", model, run, dict(x=torch.randn(B, S, D)), lens, mask[None, None], normFirst=norm_first)


cases = [
    attention("separate values", 1),
    attention("separate values, valid lengths of rows, no bias", 2, LENS, bias=False),
    attention("separate values, valid lengths of queries", 3, QUERY_LENS),
    attention("a mask of queries and keys, with valid lengths of rows", 4, LENS, (1, 1, T, S)),
    attention("a mask of rows, heads, queries and keys, with valid lengths of queries", 5, QUERY_LENS, (B, H, T, S)),
    encoder("encoder, pre-norm: a mask with valid lengths", 6, True, LENS),
    encoder("encoder, post-norm: a causal mask", 7, False, causal=True),
]
(pathlib.Path(__file__).parent / "masks.json").write_text(json.dumps(cases) + "\n")
