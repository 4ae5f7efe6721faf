"""W6-W8: the book's translation models (GRU, Bahdanau attention, Transformer), written as the book writes them."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from training import random_padded, shifted, training_step

VOCAB, BATCH, STEPS, SIZE, LAYERS, DROPOUT = 200, 64, 10, 32, 2, 0.1
PAD, BOS, FIRST = 1, 2, 3


def masked_softmax(scores, lengths):
    """Over keys before `lengths`, one a row of the batch or one a query; scores [batch, queries, keys]."""
    if lengths is None:
        return scores.softmax(-1)
    if lengths.dim() == 1:
        lengths = lengths[:, None]
    beyond = torch.arange(scores.shape[-1]) >= lengths[..., None]
    return scores.masked_fill(beyond, -1e6).softmax(-1)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, SIZE)
        self.rnn = nn.GRU(SIZE, SIZE, LAYERS, dropout=DROPOUT)

    def forward(self, source):
        return self.rnn(self.embedding(source.T))


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.embedding = nn.Embedding(VOCAB, SIZE)
        self.rnn = nn.GRU(2 * SIZE, SIZE, LAYERS, dropout=DROPOUT)
        self.dense = nn.Linear(SIZE, VOCAB)

    def forward(self, source, lengths, target):
        _, state = self.encoder(source)
        embedded = self.embedding(target.T)
        context = state[-1].expand(len(embedded), -1, -1)
        output, _ = self.rnn(torch.cat([embedded, context], 2), state)
        return self.dense(output).transpose(0, 1)


class Bahdanau(Seq2Seq):
    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(SIZE, SIZE, bias=False), nn.Linear(SIZE, SIZE, bias=False)
        self.score = nn.Linear(SIZE, 1, bias=False)
        self.dropout = nn.Dropout(DROPOUT)

    def attend(self, query, memory, lengths):
        features = torch.tanh(self.query(query)[:, :, None] + self.key(memory)[:, None])
        weights = masked_softmax(self.score(features)[..., 0], lengths)
        return self.dropout(weights) @ memory

    def forward(self, source, lengths, target):
        memory, state = self.encoder(source)
        memory = memory.transpose(0, 1)
        outputs = []
        for embedded in self.embedding(target.T):
            context = self.attend(state[-1][:, None], memory, lengths)
            step = torch.cat([context, embedded[:, None]], -1).transpose(0, 1)
            output, state = self.rnn(step, state)
            outputs.append(output)
        return self.dense(torch.cat(outputs)).transpose(0, 1)


class MultiHeadAttention(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(size, size, bias=False) for _ in range(4))
        self.dropout = nn.Dropout(DROPOUT)

    def split(self, x):  # [batch, steps, size] -> [batch * heads, steps, size / heads]
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2).flatten(0, 1)

    def forward(self, queries, memory, lengths):
        q, k, v = self.split(self.q(queries)), self.split(self.k(memory)), self.split(self.v(memory))
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
        weights = masked_softmax(scores, lengths.repeat_interleave(self.heads, 0))
        heads = (self.dropout(weights) @ v).unflatten(0, (-1, self.heads))
        return self.o(heads.transpose(1, 2).flatten(2))


class AddNorm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.dropout, self.norm = nn.Dropout(DROPOUT), nn.LayerNorm(size)

    def forward(self, x, y):
        return self.norm(x + self.dropout(y))


class Block(nn.Module):
    """An encoder block, or with `cross` a decoder block."""

    def __init__(self, size, hidden, heads, cross):
        super().__init__()
        self.attention, self.norm1 = MultiHeadAttention(size, heads), AddNorm(size)
        self.cross = MultiHeadAttention(size, heads) if cross else None
        self.norm2 = AddNorm(size) if cross else None
        self.ffn = nn.Sequential(nn.Linear(size, hidden), nn.ReLU(), nn.Linear(hidden, size))
        self.norm3 = AddNorm(size)

    def forward(self, x, lengths, memory=None):
        own = lengths if memory is None else torch.arange(1, x.shape[1] + 1).expand(len(x), -1)
        x = self.norm1(x, self.attention(x, x, own))
        if memory is not None:
            x = self.norm2(x, self.cross(x, memory, lengths))
        return self.norm3(x, self.ffn(x))


def sinusoidal(steps, size):
    angles = torch.arange(steps)[:, None] / 10000 ** (torch.arange(0, size, 2) / size)
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)


class Transformer(nn.Module):
    def __init__(self, heads=4, hidden=64):
        super().__init__()
        self.source, self.target = nn.Embedding(VOCAB, SIZE), nn.Embedding(VOCAB, SIZE)
        self.dropout = nn.Dropout(DROPOUT)
        self.register_buffer("positions", sinusoidal(1000, SIZE))
        self.encoder = nn.ModuleList(Block(SIZE, hidden, heads, False) for _ in range(LAYERS))
        self.decoder = nn.ModuleList(Block(SIZE, hidden, heads, True) for _ in range(LAYERS))
        self.dense = nn.Linear(SIZE, VOCAB)

    def embed(self, embedding, ids):
        return self.dropout(embedding(ids) * math.sqrt(SIZE) + self.positions[: ids.shape[1]])

    def forward(self, source, lengths, target):
        memory = self.embed(self.source, source)
        for block in self.encoder:
            memory = block(memory, lengths)
        x = self.embed(self.target, target)
        for block in self.decoder:
            x = block(x, lengths, memory)
        return self.dense(x)


def random_batch():
    source, lengths = random_padded(BATCH, STEPS, 3, FIRST, VOCAB, PAD)
    labels, target_lengths = random_padded(BATCH, STEPS, 3, FIRST, VOCAB, PAD)
    return source, lengths, shifted(labels, BOS), labels, target_lengths


def translation(make):
    def build(tuned):
        model = make()

        def loss_of(source, lengths, target, labels, target_lengths):
            losses = F.cross_entropy(model(source, lengths, target).transpose(1, 2), labels, reduction="none")
            mask = (torch.arange(STEPS) < target_lengths[:, None]).float()
            return (losses * mask).mean(1).sum()

        optimizer = torch.optim.Adam(model.parameters(), lr=0.005, fused=tuned)
        return training_step(model, loss_of, [random_batch() for _ in range(4)], optimizer), 1

    return build


workloads = {
    "W6_seq2seq_gru": translation(Seq2Seq),
    "W7_bahdanau": translation(Bahdanau),
    "W8_d2l_transformer": translation(Transformer),
}
