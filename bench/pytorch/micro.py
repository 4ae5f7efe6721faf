"""M_*: single operations, forward and backward where there is a backward."""

import torch
from torch.nn import functional as F


def matmul(rows, inner, columns, transposed=False):
    def build(_tuned):
        a = torch.randn(rows, inner)
        b = torch.randn(columns, inner).T if transposed else torch.randn(inner, columns)
        out = torch.empty(rows, columns)
        return lambda i: torch.mm(a, b, out=out), max(1, 30_000_000 // (rows * inner * columns))

    return build


def differentiated(make, repeat=1):
    """`make` gives the leaves and a function of them; its gradient comes from outside, or is 1 for a scalar."""

    def build(_tuned):
        leaves, function = make()
        shape = function().shape
        gradient = torch.randn(shape) if shape else None

        def step(_i):
            for leaf in leaves:
                leaf.grad = None
            function().backward(gradient)

        return step, repeat

    return build


def leaf(*shape):
    return torch.randn(*shape, requires_grad=True)


def cross_entropy(rows, classes):
    x, labels = leaf(rows, classes), torch.randint(classes, (rows,))
    return [x], lambda: F.cross_entropy(x, labels)


def layer_norm():
    x, weight, bias = leaf(1536, 256), leaf(256), leaf(256)
    return [x, weight, bias], lambda: F.layer_norm(x, (256,), weight, bias)


def embedding():
    weight, ids = leaf(8000, 256), torch.randint(8000, (1536,))
    return [weight], lambda: F.embedding(ids, weight)


def dropout():
    x = leaf(1536, 1024)
    return [x], lambda: F.dropout(x, 0.1)


def adam(_tuned):
    parameters = [torch.nn.Parameter(torch.randn(1000, 1000)) for _ in range(10)]
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    optimizer = torch.optim.Adam(parameters, lr=1e-3, fused=True)
    return lambda i: optimizer.step(), 1


workloads = {
    **{f"M_matmul_{n}": matmul(n, n, n) for n in (64, 256, 512, 1024)},
    **{
        f"M_gemm_{m}x{k}x{n}": matmul(m, k, n, transposed=True)
        for m, k, n in ((32, 256, 1024), (1536, 256, 1024), (1536, 256, 8000))
    },
    "M_softmax_ce_2240x28": differentiated(lambda: cross_entropy(2240, 28), 10),
    "M_softmax_ce_1536x8000": differentiated(lambda: cross_entropy(1536, 8000)),
    "M_layernorm_1536x256": differentiated(layer_norm, 5),
    "M_embedding_1536_8000x256": differentiated(embedding),
    "M_dropout_1536x1024": differentiated(dropout),
    "M_adam_10M_fused": adam,
}
