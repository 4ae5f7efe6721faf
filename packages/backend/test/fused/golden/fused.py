"""Writes fused.json: inputs, outputs and gradients of the fused kernels, computed by PyTorch in float64.

    python fused.py      # needs torch and numpy
"""
import json
import os
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(0)
cases = []


def philox(index, seed):
    """Word of Philox4x32-10: counter (index >> 2, 0, 0, 0), lane index & 3."""
    c, (k0, k1) = [index >> 2, 0, 0, 0], seed
    for _ in range(10):
        p0, p1 = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(p1 >> 32) ^ c[1] ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k1, p0 & 0xFFFFFFFF]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c[index & 3]


def dropout_factors(shape, p, seed):
    n = int(np.prod(shape))
    # The lower half of a word, then the upper.
    keep = [(philox(i >> 1, seed) >> 16 * (i & 1) & 0xFFFF) >= round(p * 2**16) for i in range(n)]
    return torch.tensor(keep, dtype=torch.float64).reshape(shape) / (1 - p)


def randn(*shape, scale=1.0):
    """Values that float32 holds with few digits, so that the file stays small."""
    return (torch.randn(shape, dtype=torch.float64) * scale * 128).round() / 128


def pack(t):
    if t.dtype in (torch.int32, torch.int64):
        return dict(shape=list(t.shape), dtype="int32", data=t.flatten().tolist())
    return dict(shape=list(t.shape), data=[float(f"{v:.7g}") for v in t.detach().flatten().tolist()])


def case(name, kernel, inputs, attrs, outputs, grad=None, wrt=(), expected=None, drop=()):
    """`outputs[0]` is differentiated along a random dy with respect to `wrt`; `drop` are inputs Grad does not take."""
    record = dict(name=name, kernel=kernel, inputs={k: pack(v) for k, v in inputs.items()}, attrs=attrs, outputs=[pack(o) for o in outputs])
    if grad:
        dy = randn(*outputs[0].shape)
        gradients = torch.autograd.grad(outputs[0], wrt, dy, allow_unused=True)
        record["grad"] = dict(kernel=grad, dy=pack(dy), drop=list(drop), outputs=[pack(g) for g in (expected(gradients) if expected else gradients)])
    cases.append(record)


def leaf(t): return t.requires_grad_(True)


# ---- attention ----
def visible(B, Tq, Tk, lens, causal):
    ok = torch.ones(B, 1, Tq, Tk, dtype=torch.bool)
    if lens is not None:
        l = lens[:, None].expand(B, Tq) if lens.dim() == 1 else lens
        ok = ok & (torch.arange(Tk) < l[..., None])[:, None]
    if causal:
        ok = ok & (torch.arange(Tk)[None, :] <= torch.arange(Tq)[:, None] + Tk - Tq)
    return ok


def attend(q, k, v, H, scale, lens=None, mask=None, causal=False, p=0.0, seed=(0, 0)):
    B, Tq, W = q.shape
    Tk, d = k.shape[1], W // H
    q, k, v = (t.reshape(B, -1, H, d).transpose(1, 2) for t in (q, k, v))
    s = q @ k.transpose(-1, -2) * scale
    if mask is not None:
        s = s + mask
    ok = visible(B, Tq, Tk, lens, causal)
    s = s.masked_fill(~ok, -1e30)
    w = torch.softmax(s, -1) * ok
    a = w * dropout_factors(w.shape, p, seed) if p else w
    return (a @ v).transpose(1, 2).reshape(B, Tq, W), w


def attention(name, B, Tq, Tk, H, d, layout="separate", lens=None, mask=None, causal=False, p=0.0, seed=(7, 4294967290), scale=None):
    W = H * d
    scale = d ** -0.5 if scale is None else scale
    if layout == "qkv":
        x = leaf(randn(B, Tq, 3 * W))
        inputs, (q, k, v) = dict(query=x), x.chunk(3, -1)
    elif layout == "q_kv":
        q, kv = leaf(randn(B, Tq, W)), leaf(randn(B, Tk, 2 * W))
        inputs, (k, v) = dict(query=q, key=kv), kv.chunk(2, -1)
    else:
        q, k, v = leaf(randn(B, Tq, W)), leaf(randn(B, Tk, W)), leaf(randn(B, Tk, W))
        inputs = dict(query=q, key=k, value=v)
    wrt = list(inputs.values())
    y, w = attend(q, k, v, H, scale, lens, mask, causal, p, seed)
    if lens is not None: inputs["validLens"] = lens
    if mask is not None: inputs["mask"] = mask
    attrs = dict(numHeads=H, layout=layout, scale=scale, causal=causal, dropout=p, seed=list(seed), returnWeights=True, training=True)
    case(f"attention {name}", "D2LAttention", inputs, attrs, [y, w], "D2LAttentionGrad", wrt, drop=["validLens", "mask"])


ints = lambda *v: torch.tensor(v, dtype=torch.int32)
attention("small", 2, 3, 4, 2, 4)
attention("one of everything", 1, 1, 1, 1, 1)
attention("odd sizes, lengths with 0", 3, 5, 7, 3, 5, lens=ints(7, 0, 3))
attention("lengths a query", 2, 3, 9, 1, 3, lens=torch.tensor([[1, 0, 9], [4, 5, 2]], dtype=torch.int32))
attention("causal", 1, 13, 13, 1, 8, "qkv", causal=True)
attention("causal, more keys than queries", 1, 3, 8, 2, 3, "q_kv", causal=True)
attention("causal, fewer keys than queries", 1, 5, 3, 1, 2, causal=True)
attention("causal and lengths", 2, 6, 6, 2, 4, "qkv", lens=ints(4, 6), causal=True)
attention("mask a head", 2, 3, 5, 2, 4, mask=randn(1, 2, 3, 5))
attention("mask a batch row", 2, 3, 5, 2, 4, mask=randn(2, 1, 1, 5))
attention("dropout", 2, 5, 7, 2, 4, "q_kv", lens=ints(7, 5), p=0.3)
attention("dropout, aligned", 1, 8, 8, 1, 8, "qkv", causal=True, p=0.5, scale=0.7)
attention("wide", 1, 14, 15, 1, 18, lens=ints(14))
attention("one query", 2, 1, 9, 2, 16, "q_kv", lens=ints(11, 4))

# ---- additive scores ----
for name, (B, Q, K, h) in dict(small=(2, 3, 4, 8), odd=(3, 2, 5, 13), one=(1, 1, 1, 1)).items():
    q, k, v = leaf(randn(B, Q, h)), leaf(randn(B, K, h)), leaf(randn(h))
    y = (torch.tanh(q[:, :, None] + k[:, None]) * v).sum(-1)
    case(f"additive scores {name}", "D2LAdditiveScores", dict(queries=q, keys=k, v=v), {}, [y], "D2LAdditiveScoresGrad", [q, k, v])

# ---- masked softmax ----
for name, shape, lens in (("no lengths", (2, 3, 5), None), ("lengths", (3, 2, 9), ints(4, 0, 9)),
                          ("lengths a query", (2, 2, 17), torch.tensor([[1, 17], [0, 8]], dtype=torch.int32))):
    x = leaf(randn(*shape, scale=3.0))
    ok = visible(shape[0], shape[1], shape[2], lens, False)[:, 0]
    y = torch.softmax(x.masked_fill(~ok, -1e30), -1) * ok
    inputs = dict(x=x) if lens is None else dict(x=x, validLens=lens)
    case(f"masked softmax {name}", "D2LMaskedSoftmax", inputs, {}, [y], "D2LMaskedSoftmaxGrad", [x], drop=["x", "validLens"])

# ---- cross-entropy ----
for name, rows, n, reduction, eps, ignore, weighted in (
        ("mean", 5, 7, "mean", 0.0, -100, False), ("sum, ignored rows", 6, 10, "sum", 0.0, 3, False), ("none, weights", 4, 33, "none", 0.0, -1, True),
        ("mean, smoothing and weights", 7, 17, "mean", 0.1, 2, True), ("all ignored", 3, 4, "mean", 0.1, 1, False), ("one class", 2, 1, "mean", 0.0, -1, False),
        ("none, smoothing", 3, 5, "none", 0.25, -1, False)):
    x = leaf(randn(rows, n, scale=4.0))
    labels = torch.randint(n, (rows,))
    if name == "all ignored": labels[:] = ignore
    w = (labels != ignore).double()
    inputs = dict(logits=x, labels=labels.int())
    if weighted:
        inputs["weights"] = randn(rows).abs()
        w = w * inputs["weights"]
    each = F.cross_entropy(x, labels, reduction="none", label_smoothing=eps)
    each = w * each
    total = w.sum()
    y = each if reduction == "none" else each.sum() if reduction == "sum" or total == 0 else each.sum() / total
    attrs = dict(reduction=reduction, labelSmoothing=eps, ignoreIndex=ignore, training=True)
    case(f"cross-entropy {name}", "D2LSoftmaxCrossEntropy", inputs, attrs, [y], "D2LSoftmaxCrossEntropyGrad", [x])

# ---- layer norm ----
for name, shape, residual, weight, bias in (("plain", (3, 8), 0, 0, 0), ("weight and bias", (2, 3, 17), 0, 1, 1), ("residual", (4, 33), 1, 1, 1),
                                            ("weight only", (2, 5), 1, 1, 0), ("bias only", (3, 16), 0, 0, 1), ("one column", (3, 1), 1, 1, 1)):
    n = shape[-1]
    x = leaf(randn(*shape))
    r = randn(*shape) if residual else None
    w = leaf(randn(n)) if weight else None
    b = leaf(randn(n)) if bias else None
    y = F.layer_norm(x if r is None else x + r, (n,), w, b, 1e-5)
    inputs = {k: v for k, v in dict(x=x, residual=r, weight=w, bias=b).items() if v is not None}
    wrt = [t for t in (x, w, b) if t is not None]
    needs = dict(x=True, weight=bool(weight), bias=bool(bias))
    case(f"layer norm {name}", "D2LLayerNorm", inputs, dict(epsilon=1e-5, training=True, needs=needs), [y], "D2LLayerNormGrad", wrt, drop=["bias"])

# ---- embedding ----
for name, shape, count, dim, padding in (("matrix of ids", (3, 4), 6, 5, -1), ("padding", (9,), 4, 17, 2), ("wide", (5,), 3, 40, -1), ("one", (1,), 1, 1, -1)):
    ids, w = torch.randint(count, shape), leaf(randn(count, dim))
    y = w[ids] * 1.5
    zero = lambda g, padding=padding: [torch.where((torch.arange(len(g[0])) == padding)[:, None], torch.zeros_like(g[0]), g[0])]
    case(f"embedding {name}", "D2LEmbedding", dict(ids=ids.int(), weight=w), dict(scale=1.5, count=count, paddingIdx=padding), [y],
         "D2LEmbeddingGrad", [w], expected=zero, drop=["weight"])

# ---- dropout ----
for name, shape, p in (("odd", (5, 7), 0.3), ("none dropped", (3, 4), 0.0), ("long", (131,), 0.9)):
    seed = (123456789, 4000000000)
    x = leaf(randn(*shape))
    case(f"dropout {name}", "D2LDropout", dict(x=x), dict(p=p, seed=list(seed)), [x * dropout_factors(shape, p, seed)])

# ---- convolution ----
for name, x, w, stride, padding, dilation, groups in (
        ("3 by 3", (2, 3, 7, 6), (4, 3, 3, 3), (1, 1), (1, 1), (1, 1), 1), ("strided", (3, 2, 9, 8), (3, 2, 3, 2), (2, 3), (1, 0), (1, 1), 1),
        ("dilated groups", (1, 4, 9, 9), (6, 2, 3, 3), (1, 2), (2, 1), (2, 1), 2), ("depthwise", (2, 3, 5, 5), (3, 1, 3, 3), (1, 1), (1, 1), (1, 1), 3),
        ("1 by 1", (2, 5, 3, 3), (7, 5, 1, 1), (1, 1), (0, 0), (1, 1), 1), ("one of everything", (1, 1, 1, 1), (1, 1, 1, 1), (1, 1), (0, 0), (1, 1), 1),
        ("padding wider than the kernel", (1, 1, 2, 2), (2, 1, 2, 2), (2, 1), (3, 2), (1, 1), 1), ("several pieces", (1, 1, 13, 11), (2, 1, 2, 2), (1, 1), (1, 1), (1, 1), 1)):
    X, W, b = leaf(randn(*x)), leaf(randn(*w)), leaf(randn(w[0]))
    y = F.conv2d(X, W, b, stride, padding, dilation, groups)
    attrs = dict(stride=stride, padding=padding, dilation=dilation, groups=groups, needs=dict(x=True, weight=True, bias=True))
    case(f"convolution {name}", "D2LConv2d", dict(x=X, weight=W, bias=b), attrs, [y], "D2LConv2dGrad", [X, W, b], drop=["bias"])

# ---- pooling ----
for name, x, kernel, stride, padding in (("2 by 2", (2, 3, 6, 4), (2, 2), (2, 2), (0, 0)), ("overlapping, padded", (1, 2, 7, 5), (3, 3), (2, 2), (1, 1)),
                                         ("odd", (2, 1, 5, 6), (2, 3), (1, 2), (1, 0)), ("one", (1, 1, 1, 1), (1, 1), (1, 1), (0, 0)), ("whole plane", (2, 2, 3, 4), (3, 4), (1, 1), (0, 0))):
    for kind in ("max", "avg"):
        X = leaf(randn(*x) - 4)  # negative values: padding must not win
        y = F.max_pool2d(X, kernel, stride, padding) if kind == "max" else F.avg_pool2d(X, kernel, stride, padding)
        case(f"{kind} pooling {name}", "D2LPool2d", dict(x=X), dict(kind=kind, kernel=kernel, stride=stride, padding=padding), [y], "D2LPool2dGrad", [X])

# ---- batch norm ----
for name, shape, weight in (("images", (3, 2, 4, 5), 1), ("features", (6, 5), 1), ("plain", (2, 3, 2), 0), ("odd", (3, 2, 17), 1)):
    x = leaf(randn(*shape))
    w, b = (leaf(randn(shape[1])), leaf(randn(shape[1]))) if weight else (None, None)
    axes = [a for a in range(len(shape)) if a != 1]
    mean, variance = x.mean(axes), x.var(axes, unbiased=False)
    y = F.batch_norm(x, None, None, w, b, True, eps=1e-5)
    base = {k: v for k, v in dict(x=x, weight=w, bias=b).items() if v is not None}
    old = dict(mean=randn(shape[1]), variance=randn(shape[1]).abs() + 1)
    needs = dict(x=True, weight=bool(weight), bias=bool(weight))
    case(f"batch norm {name}, training", "D2LBatchNorm", dict(base, **old), dict(epsilon=1e-5, training=True, needs=needs), [y, mean, variance],
         "D2LBatchNormGrad", [t for t in (x, w, b) if t is not None], drop=["bias", "mean", "variance"])
    ye = F.batch_norm(x, old["mean"], old["variance"], w, b, False, eps=1e-5)
    case(f"batch norm {name}, evaluation", "D2LBatchNorm", dict(base, **old), dict(epsilon=1e-5, training=False), [ye])

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fused.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(len(cases), "cases")
