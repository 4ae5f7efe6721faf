"""GRU encoder-decoders in PyTorch, one and two directions: loss, logits and gradients -> seq2seq.json.

Weights are a formula that the test repeats. Computed in float64. Run: python seq2seq.py
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

VOCAB, EMBED, HIDDEN, LAYERS, PAD = 6, 3, 4, 2, 0
source = torch.tensor([[3, 4, 5, 2], [5, 2, 0, 0], [4, 4, 2, 0]])
lengths = torch.tensor([4, 2, 3])
target = torch.tensor([[1, 5, 3], [1, 4, 0], [1, 3, 5]])
labels = torch.tensor([[5, 3, 2], [4, 2, 0], [3, 5, 2]])


def pattern(shape, phase):
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = 0.8 * np.sin(1.7 * (i + 1) + 0.37 * i * (i % 5 + 1) + phase)
    return torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape))


class Half(nn.Module):
    def __init__(self, width, size, both, dense):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, EMBED)
        self.rnn = nn.GRU(width, size, LAYERS, batch_first=True, bidirectional=both)
        if dense:
            self.dense = nn.Linear(size, VOCAB)


class Seq2Seq(nn.Module):
    def __init__(self, both):
        super().__init__()
        self.encoder = Half(EMBED, HIDDEN // 2 if both else HIDDEN, both, False)
        self.decoder = Half(EMBED + HIDDEN, HIDDEN, False, True)

    def forward(self):
        packed = pack_padded_sequence(self.encoder.embedding(source), lengths, batch_first=True, enforce_sorted=False)
        _, state = self.encoder.rnn(packed)
        if self.encoder.rnn.bidirectional:
            state = torch.cat([state[0::2], state[1::2]], -1)
        context = state[-1][:, None, :].expand(-1, target.shape[1], -1)
        output, _ = self.decoder.rnn(torch.cat([self.decoder.embedding(target), context], -1), state)
        return self.decoder.dense(output)


def pack(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().reshape(-1).tolist()]


cases = []
for both in (False, True):
    model = Seq2Seq(both).double()
    for phase, parameter in enumerate(model.parameters()):
        parameter.data = pattern(tuple(parameter.shape), phase)
    logits = model()
    loss = F.cross_entropy(logits.reshape(-1, VOCAB), labels.reshape(-1), ignore_index=PAD)
    loss.backward()
    cases.append({"bidirectional": both, "loss": float(loss.detach()), "logits": pack(logits),
                  "gradients": {name: pack(p.grad) for name, p in model.named_parameters()}})
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seq2seq.json")
with open(path, "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
print(os.path.getsize(path), "bytes")
