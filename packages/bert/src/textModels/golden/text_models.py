"""Writes text_models.json: the book's BiRNN, TextCNN and decomposable attention in PyTorch. Run: python text_models.py

Weights under the book's names, logits, gradients of the cross-entropy, the losses of three Adam steps. Needs torch.
The classes are written from the book's description (sections 16.2, 16.3, 16.5); dropout is off.
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(1408)
V, D, H, B, T = 11, 4, 3, 3, 6


def flat(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


class BiRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(V, D)
        self.encoder = nn.LSTM(D, H, num_layers=2, bidirectional=True)
        self.decoder = nn.Linear(4 * H, 2)

    def forward(self, ids):
        out, _ = self.encoder(self.embedding(ids.T))
        return self.decoder(torch.cat((out[0], out[-1]), dim=1))


class TextCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.constant_embedding = nn.Embedding(V, D), nn.Embedding(V, D)
        self.constant_embedding.weight.requires_grad = False
        self.decoder = nn.Linear(5, 2)
        self.convs = nn.ModuleList(nn.Conv1d(2 * D, c, k) for c, k in ((2, 2), (3, 3)))

    def forward(self, ids):
        x = torch.cat((self.embedding(ids), self.constant_embedding(ids)), dim=2).permute(0, 2, 1)
        return self.decoder(torch.cat([F.relu(conv(x)).max(dim=2).values for conv in self.convs], dim=1))


def mlp(inputs, flatten):
    flat_layer = [nn.Flatten(start_dim=1)] if flatten else []
    layers = [nn.Dropout(0), nn.Linear(inputs, H), nn.ReLU(), *flat_layer, nn.Dropout(0), nn.Linear(H, H), nn.ReLU(), *flat_layer]
    return nn.Sequential(*layers)


class Part(nn.Module):
    def __init__(self, **layers):
        super().__init__()
        for name, layer in layers.items():
            setattr(self, name, layer)


class Decomposable(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(V, D)
        self.attend, self.compare = Part(f=mlp(D, False)), Part(g=mlp(2 * D, False))
        self.aggregate = Part(h=mlp(2 * H, True), linear=nn.Linear(H, 3))

    def forward(self, premises, hypotheses):
        a, b = self.embedding(premises), self.embedding(hypotheses)
        e = self.attend.f(a) @ self.attend.f(b).transpose(1, 2)
        beta, alpha = F.softmax(e, -1) @ b, F.softmax(e.transpose(1, 2), -1) @ a
        va = self.compare.g(torch.cat([a, beta], 2)).sum(1)
        vb = self.compare.g(torch.cat([b, alpha], 2)).sum(1)
        return self.aggregate.linear(self.aggregate.h(torch.cat([va, vb], 1)))


def case(model, inputs, labels):
    start = {n: dict(shape=list(p.shape), values=flat(p)) for n, p in model.named_parameters()}
    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    logits = model(*inputs)
    F.cross_entropy(logits, labels).backward()
    gradients = {n: flat(p.grad) for n, p in trained}
    optimizer, losses = torch.optim.Adam([p for _, p in trained], lr=0.01), []
    for _ in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(*inputs), labels)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return dict(weights=start, inputs=[x.tolist() for x in inputs], labels=labels.tolist(), logits=flat(logits),
                gradients=gradients, losses=losses)


ids = torch.randint(1, V, (B, T))
cases = dict(
    birnn=case(BiRNN(), [ids], torch.tensor([0, 1, 1])),
    textCnn=case(TextCNN(), [ids], torch.tensor([1, 0, 1])),
    decomposable=case(Decomposable(), [ids, torch.randint(1, V, (B, 4))], torch.tensor([2, 0, 1])),
)
(pathlib.Path(__file__).parent / "text_models.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
