"""RNN, GRU and LSTM in PyTorch: outputs, final states and all gradients -> recurrent.safetensors.

Layers 1 to 3, both directions, random lengths, with and without an initial state, and a large case of each cell, of
which every fifth value is kept. Inputs and weights are a formula
that the test repeats; each case is one vector: output, hN, cN, then the gradients of sum(all outputs * cos(i + 1))
for x, h0, c0 and the parameters in PyTorch's order. Computed in float64. Run: python recurrent.py
"""
import itertools
import os

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

SMALL, LARGE = (3, 4, 3, 5), (16, 64, 2, 35)  # input, hidden, batch, steps
random = np.random.default_rng(20261124)


def pattern(shape, phase):
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = 0.8 * np.sin(1.7 * (i + 1) + 0.37 * i * (i % 5 + 1) + phase)
    return torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape), requires_grad=True)


def run(cell, layers, bidirectional, lengths, initial, sizes=SMALL):
    width, hidden, batch, steps = sizes
    scale = 2 / hidden ** 0.5  # 1 of the small ones; keeps wide sums away from saturation
    net = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](
        width, hidden, layers, batch_first=True, bidirectional=bidirectional).double()
    for phase, parameter in enumerate(net.parameters()):
        parameter.data = scale * pattern(tuple(parameter.shape), phase).detach()
    x = pattern((batch, steps, width), 100)
    shape = (layers * (2 if bidirectional else 1), batch, hidden)
    states = [pattern(shape, 200 + k) for k in range(2 if cell == "lstm" else 1)] if initial else []
    given = (tuple(states) if cell == "lstm" else states[0]) if initial else None
    if lengths is None:
        output, last = net(x, given)
    else:
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        output, last = net(packed, given)
        output, _ = pad_packed_sequence(output, batch_first=True, total_length=steps)
    outputs = [output, *(last if cell == "lstm" else [last])]
    flat = torch.cat([o.reshape(-1) for o in outputs])
    (flat * torch.cos(torch.arange(1, flat.numel() + 1, dtype=torch.float64))).sum().backward()
    grads = [t.grad for t in [x, *states, *net.parameters()]]
    return torch.cat([flat.detach(), *(g.reshape(-1) for g in grads)]).numpy().astype(np.float32)


cases = {}
for cell, layers, both, ragged, initial in itertools.product(
        ["rnn", "gru", "lstm"], [1, 2, 3], [False, True], [False, True], [False, True]):
    lengths = [int(n) for n in random.integers(1, SMALL[3] + 1, SMALL[2])] if ragged else None
    name = f"{cell} {layers} {'both' if both else 'one'} {'.'.join(map(str, lengths or []))} {'h0' if initial else ''}"
    cases[name] = run(cell, layers, both, lengths, initial)
for cell in ["rnn", "gru", "lstm"]:
    cases[f"{cell} 1 one 35.20 h0 large"] = run(cell, 1, False, [35, 20], True, LARGE)[::5].copy()
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recurrent.safetensors")
save_file(cases, path)
print(len(cases), "cases,", os.path.getsize(path), "bytes")
