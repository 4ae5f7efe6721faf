"""Writes bahdanau.json: PyTorch's numbers for tiny Bahdanau models. Run: python bahdanau.py

Each case holds weights by our names (the book's), a batch, logits, attention, gradients, and the losses of four Adam
steps. The encoder reads packed sequences; the decoder goes one step at a time, as in the book. Needs torch.
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

V, E, H, L, S, T = 9, 4, 6, 2, 5, 4
PAD = 0


class Additive(nn.Module):
    def __init__(self, keys):
        super().__init__()
        self.W_k, self.W_q = nn.Linear(keys, H, bias=False), nn.Linear(H, H, bias=False)
        self.w_v = nn.Linear(H, 1, bias=False)

    def scores(self, q, k):
        return self.w_v(torch.tanh(self.W_q(q).unsqueeze(2) + self.W_k(k).unsqueeze(1))).squeeze(-1)


class Bilinear(nn.Module):
    def __init__(self, keys):
        super().__init__()
        self.W = nn.Linear(keys, H, bias=False)

    def scores(self, q, k):
        return q @ self.W(k).transpose(1, 2)


class Dot(nn.Module):
    def __init__(self, keys):
        super().__init__()

    def scores(self, q, k):
        return q @ k.transpose(1, 2) / k.shape[-1] ** 0.5


class Encoder(nn.Module):
    def __init__(self, cell, bidirectional):
        super().__init__()
        self.embedding = nn.Embedding(V, E)
        self.rnn = cell(E, H, L, batch_first=True, bidirectional=bidirectional)
        self.bridge = nn.Linear(2 * H, H) if bidirectional else None

    def state(self, s):
        if self.bridge is None:
            return s
        pairs = s.view(L, 2, s.shape[1], H)
        return torch.tanh(self.bridge(torch.cat([pairs[:, 0], pairs[:, 1]], -1)))

    def forward(self, source, lens):
        packed = pack_padded_sequence(self.embedding(source), lens, batch_first=True, enforce_sorted=False)
        output, state = self.rnn(packed)
        output, _ = pad_packed_sequence(output, batch_first=True, total_length=source.shape[1])
        return output, tuple(map(self.state, state)) if isinstance(state, tuple) else self.state(state)


class Decoder(nn.Module):
    def __init__(self, cell, score, memory):
        super().__init__()
        self.attention = score(memory)
        self.embedding = nn.Embedding(V, E)
        self.rnn = cell(memory + E, H, L, batch_first=True)
        self.dense = nn.Linear(H, V)

    def forward(self, inputs, output, state, lens):
        hidden = (torch.arange(S) >= lens[:, None])[:, None]
        outs, maps = [], []
        for x in self.embedding(inputs).split(1, 1):
            query = (state[0] if isinstance(state, tuple) else state)[-1].unsqueeze(1)
            weights = F.softmax(self.attention.scores(query, output).masked_fill(hidden, -1e6), -1)
            y, state = self.rnn(torch.cat([weights @ output, x], -1), state)
            outs.append(y)
            maps.append(weights)
        return self.dense(torch.cat(outs, 1)), torch.cat(maps, 1)


class Model(nn.Module):
    def __init__(self, cell, bidirectional, score):
        super().__init__()
        self.encoder = Encoder(cell, bidirectional)
        self.decoder = Decoder(cell, score, 2 * H if bidirectional else H)
        for p in self.parameters():
            nn.init.normal_(p, std=0.5)

    def forward(self, source, lens, inputs):
        return self.decoder(inputs, *self.encoder(source, lens), lens)


def flat(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def case(seed, cell, bidirectional, score):
    torch.manual_seed(seed)
    model = Model(dict(gru=nn.GRU, lstm=nn.LSTM)[cell], bidirectional, dict(additive=Additive, bilinear=Bilinear, dot=Dot)[score])
    named = list(model.named_parameters())
    weights = {name: dict(shape=list(p.shape), values=flat(p)) for name, p in named}
    lens = torch.tensor([5, 3, 1])
    source = torch.randint(3, V, (3, S))
    source[torch.arange(S) >= lens[:, None]] = PAD
    inputs, labels = torch.randint(1, V, (3, T)), torch.randint(1, V, (3, T))
    labels[1, 2:] = PAD
    loss_of = lambda: F.cross_entropy(model(source, lens, inputs)[0].flatten(0, 1), labels.flatten(), ignore_index=PAD)
    logits, attention = model(source, lens, inputs)
    loss_of().backward()
    gradients = {name: flat(p.grad) for name, p in named}
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(4):
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    config = dict(vocabSize=V, embedSize=E, hiddenSize=H, numLayers=L, cell=cell, bidirectional=bidirectional, score=score, padId=PAD)
    return dict(config=config, weights=weights, source=source.tolist(), lens=lens.tolist(), inputs=inputs.tolist(),
                labels=labels.tolist(), logits=flat(logits), attention=flat(attention), gradients=gradients, losses=losses)


cases = [case(1, "gru", False, "additive"), case(2, "lstm", True, "additive"), case(3, "gru", True, "bilinear"), case(4, "gru", False, "dot")]
(pathlib.Path(__file__).parent / "bahdanau.json").write_text(json.dumps(cases) + "\n")
