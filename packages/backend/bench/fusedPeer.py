"""PyTorch's side of fused.ts: answers '<name> <seconds>' lines with the median milliseconds of one forward and backward."""
import os
import statistics
import sys
import time
import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)


def cross_entropy(rows, n):
    x, y = torch.randn(rows, n, requires_grad=True), torch.randint(n, (rows,))

    def step():
        x.grad = None
        F.cross_entropy(x, y).backward()
    return step


def layer_norm():
    x, w, b, g = torch.randn(1536, 256, requires_grad=True), torch.ones(256, requires_grad=True), torch.zeros(256, requires_grad=True), torch.randn(1536, 256)

    def step():
        x.grad = w.grad = b.grad = None
        F.layer_norm(x, (256,), w, b).backward(g)
    return step


def embedding():
    W, ids, g = torch.randn(8000, 256, requires_grad=True), torch.randint(8000, (1536,)), torch.randn(1536, 256)

    def step():
        W.grad = None
        F.embedding(ids, W).backward(g)
    return step


def dropout():
    x, g = torch.randn(1536, 1024, requires_grad=True), torch.randn(1536, 1024)

    def step():
        x.grad = None
        F.dropout(x, 0.1).backward(g)
    return step


def attention(B, T, H, d, p, causal):
    x, g = torch.randn(B, T, 3 * H * d, requires_grad=True), torch.randn(B, T, H * d)

    def step():
        x.grad = None
        q, k, v = (t.view(B, T, H, d).transpose(1, 2) for t in x.chunk(3, -1))
        F.scaled_dot_product_attention(q, k, v, dropout_p=p, is_causal=causal).transpose(1, 2).reshape(B, T, H * d).backward(g)
    return step


def conv(n, c, size, out, k, stride, pad):
    x, w, b = torch.randn(n, c, size, size, requires_grad=True), torch.randn(out, c, k, k, requires_grad=True), torch.zeros(out, requires_grad=True)
    g = torch.randn_like(F.conv2d(x, w, b, stride, pad))

    def step():
        x.grad = w.grad = b.grad = None
        F.conv2d(x, w, b, stride, pad).backward(g)
    return step


def pool(kind, n, c, size, k, stride, pad):
    x = torch.randn(n, c, size, size, requires_grad=True)
    f = F.max_pool2d if kind == "max" else F.avg_pool2d
    g = torch.randn_like(f(x, k, stride, pad))

    def step():
        x.grad = None
        f(x, k, stride, pad).backward(g)
    return step


def batch_norm(n, c, size):
    x, w, b, g = torch.randn(n, c, size, size, requires_grad=True), torch.ones(c, requires_grad=True), torch.zeros(c, requires_grad=True), torch.randn(n, c, size, size)

    def step():
        x.grad = w.grad = b.grad = None
        F.batch_norm(x, None, None, w, b, True).backward(g)
    return step


def additive(B, Q, K, h):
    q, k, v, g = torch.randn(B, Q, h, requires_grad=True), torch.randn(B, K, h, requires_grad=True), torch.randn(h, requires_grad=True), torch.randn(B, Q, K)

    def step():
        q.grad = k.grad = v.grad = None
        (torch.tanh(q[:, :, None] + k[:, None]) @ v).backward(g)
    return step


WORKLOADS = {
    "softmax_ce_2240x28": lambda: cross_entropy(2240, 28),
    "softmax_ce_1536x8000": lambda: cross_entropy(1536, 8000),
    "layernorm_1536x256": layer_norm,
    "embedding_1536_8000x256": embedding,
    "dropout_1536x1024": dropout,
    "attention_64x10_4x8": lambda: attention(64, 10, 4, 8, 0.1, False),
    "attention_64x24_4x64": lambda: attention(64, 24, 4, 64, 0.1, True),
    "attention_16x128_4x64": lambda: attention(16, 128, 4, 64, 0.1, False),
    "attention_16x128_4x64_nodrop": lambda: attention(16, 128, 4, 64, 0.0, False),
    "additive_64x1x10x32": lambda: additive(64, 1, 10, 32),
    "conv_lenet1": lambda: conv(256, 1, 28, 6, 5, 1, 2),
    "conv_lenet2": lambda: conv(256, 6, 14, 16, 5, 1, 0),
    "conv_resnet_64x24": lambda: conv(32, 64, 24, 64, 3, 1, 1),
    "conv_resnet_256x6": lambda: conv(32, 256, 6, 256, 3, 1, 1),
    "conv_resnet_512x3": lambda: conv(32, 512, 3, 512, 3, 1, 1),
    "maxpool_32x64x48": lambda: pool("max", 32, 64, 48, 3, 2, 1),
    "avgpool_256x6x28": lambda: pool("avg", 256, 6, 28, 2, 2, 0),
    "batchnorm_32x64x48": lambda: batch_norm(32, 64, 48),
}

steps = {}
for line in sys.stdin:
    name, seconds = line.split()
    if name not in steps:
        steps = {name: WORKLOADS[name]()}
        for _ in range(5): steps[name]()
    times, end = [], time.perf_counter() + float(seconds)
    while time.perf_counter() < end or len(times) < 3:
        t = time.perf_counter()
        steps[name]()
        times.append((time.perf_counter() - t) * 1e3)
    print(statistics.median(times), flush=True)
