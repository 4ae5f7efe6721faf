"""Writes transformer.json: PyTorch's numbers for whole tiny Transformers. Run: python transformer.py

Each case holds weights by our names (PyTorch's, but for the embeddings), a batch, logits, loss, gradients, and the
losses of five Adam steps. Needs torch.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

V, D, H, FF, L, S, T = 11, 8, 2, 12, 2, 5, 4
PAD = 0


def sinusoid(n, d):
    x = torch.arange(n).float()[:, None] / torch.pow(10000, torch.arange(0, d, 2).float() / d)
    p = torch.zeros(n, d)
    p[:, 0::2], p[:, 1::2] = x.sin(), x.cos()
    return p


class Model(nn.Module):
    def __init__(self, norm_first, tied, activation):
        super().__init__()
        options = dict(dim_feedforward=FF, dropout=0.0, activation=activation, batch_first=True, norm_first=norm_first)
        self.source_embedding = nn.Embedding(V, D, PAD)
        self.target_embedding = self.source_embedding if tied else nn.Embedding(V, D, PAD)
        norm = (lambda: nn.LayerNorm(D)) if norm_first else (lambda: None)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(D, H, **options), L, norm(), enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(D, H, **options), L, norm())
        self.output = None if tied else nn.Linear(D, V, bias=False)
        for p in self.parameters():
            nn.init.normal_(p, std=0.3)
        with torch.no_grad():
            self.source_embedding.weight[PAD] = 0
            self.target_embedding.weight[PAD] = 0

    def forward(self, source, lens, inputs):
        hidden = torch.arange(source.shape[1]) >= lens[:, None]
        causal = torch.triu(torch.ones(inputs.shape[1], inputs.shape[1], dtype=torch.bool), 1)
        x = self.source_embedding(source) * math.sqrt(D) + sinusoid(S, D)
        y = self.target_embedding(inputs) * math.sqrt(D) + sinusoid(T, D)
        memory = self.encoder(x, src_key_padding_mask=hidden)
        y = self.decoder(y, memory, tgt_mask=causal, memory_key_padding_mask=hidden)
        return F.linear(y, self.target_embedding.weight if self.output is None else self.output.weight)


def flat(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


def case(seed, norm_first, tied, activation):
    torch.manual_seed(seed)
    model = Model(norm_first, tied, activation)
    named = list(model.named_parameters())
    weights = {name: dict(shape=list(p.shape), values=flat(p)) for name, p in named}
    lens = torch.tensor([5, 3, 1])
    source = torch.randint(3, V, (3, S))
    source[torch.arange(S) >= lens[:, None]] = PAD
    inputs, labels = torch.randint(1, V, (3, T)), torch.randint(1, V, (3, T))
    labels[1, 2:] = PAD
    loss_of = lambda logits: F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=PAD, label_smoothing=0.1)
    logits = model(source, lens, inputs)
    loss_of(logits).backward()
    gradients = {name: flat(p.grad) for name, p in named}
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = loss_of(model(source, lens, inputs))
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    config = dict(vocabSize=V, dim=D, numHeads=H, ffnDim=FF, encoderLayers=L, decoderLayers=L, dropout=0,
                  normFirst=norm_first, activation=activation, tiedEmbeddings=tied, maxLen=16, padId=PAD)
    return dict(config=config, weights=weights, source=source.tolist(), lens=lens.tolist(), inputs=inputs.tolist(),
                labels=labels.tolist(), logits=flat(logits), gradients=gradients, losses=losses)


cases = [case(1, True, True, "relu"), case(2, False, False, "gelu")]
(pathlib.Path(__file__).parent / "transformer.json").write_text(json.dumps(cases) + "\n")
