"""W9 and W15: a pre-norm Transformer of 3+3 layers and width 256 with tied embeddings, trained; and decoding with a cache."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from book import sinusoidal
from training import random_padded, shifted, training_step

VOCAB, SIZE, HIDDEN, HEADS, LAYERS, BATCH, STEPS, DROPOUT = 8000, 256, 1024, 4, 3, 64, 24, 0.1
PAD, BOS, EOS = 0, 1, 2


def split(x):
    return x.unflatten(-1, (HEADS, -1)).transpose(1, 2)


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.out = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)

    def forward(self, x, mask=None, causal=False, cache=None, position=0):
        q, k, v = (split(part) for part in self.qkv(x).chunk(3, -1))
        if cache is not None:
            end = position + x.shape[1]
            cache[0][:, :, position:end], cache[1][:, :, position:end] = k, v
            k, v = cache[0][:, :, :end], cache[1][:, :, :end]
        dropout = DROPOUT if self.training else 0.0
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal, dropout_p=dropout)
        return self.out(y.transpose(1, 2).flatten(2))


class CrossAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.kv, self.out = nn.Linear(SIZE, SIZE), nn.Linear(SIZE, 2 * SIZE), nn.Linear(SIZE, SIZE)

    def remember(self, memory):
        return [split(part) for part in self.kv(memory).chunk(2, -1)]

    def forward(self, x, remembered, mask):
        dropout = DROPOUT if self.training else 0.0
        y = F.scaled_dot_product_attention(split(self.q(x)), *remembered, attn_mask=mask, dropout_p=dropout)
        return self.out(y.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, cross):
        super().__init__()
        self.attention, self.norm1 = SelfAttention(), nn.LayerNorm(SIZE)
        self.cross, self.norm2 = (CrossAttention(), nn.LayerNorm(SIZE)) if cross else (None, None)
        self.linear1, self.linear2, self.norm3 = nn.Linear(SIZE, HIDDEN), nn.Linear(HIDDEN, SIZE), nn.LayerNorm(SIZE)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x, mask, remembered=None, cache=None, position=0):
        if self.cross is None:
            x = x + self.dropout(self.attention(self.norm1(x), mask=mask))
        else:
            own = self.attention(self.norm1(x), causal=x.shape[1] > 1, cache=cache, position=position)
            x = x + self.dropout(own)
            x = x + self.dropout(self.cross(self.norm2(x), remembered, mask))
        return x + self.dropout(self.linear2(self.dropout(F.relu(self.linear1(self.norm3(x))))))


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, SIZE, PAD)
        nn.init.normal_(self.embedding.weight, std=SIZE**-0.5)
        self.register_buffer("positions", sinusoidal(256, SIZE))
        self.encoder = nn.ModuleList(Block(False) for _ in range(LAYERS))
        self.decoder = nn.ModuleList(Block(True) for _ in range(LAYERS))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(SIZE), nn.LayerNorm(SIZE)
        self.dropout = nn.Dropout(DROPOUT)

    def embed(self, ids, position=0):
        positions = self.positions[position : position + ids.shape[1]]
        return self.dropout(self.embedding(ids) * math.sqrt(SIZE) + positions)

    def encode(self, source):
        mask = (source != PAD)[:, None, None]
        x = self.embed(source)
        for block in self.encoder:
            x = block(x, mask)
        x = self.encoder_norm(x)
        return [block.cross.remember(x) for block in self.decoder], mask

    def decode(self, target, remembered, mask, caches=(None,) * LAYERS, position=0):
        x = self.embed(target, position)
        for block, memory, cache in zip(self.decoder, remembered, caches):
            x = block(x, mask, memory, cache, position)
        return F.linear(self.decoder_norm(x), self.embedding.weight)

    def forward(self, source, target):
        return self.decode(target, *self.encode(source))


def random_batch():
    source, _ = random_padded(BATCH, STEPS, STEPS // 2, 3, VOCAB, PAD)
    labels, _ = random_padded(BATCH, STEPS, STEPS // 2, 3, VOCAB, PAD)
    return source, shifted(labels, BOS), labels


def training(tuned):
    model = Translator()
    loss_of = lambda source, target, labels: F.cross_entropy(
        model(source, target).flatten(0, 1), labels.flatten(), ignore_index=PAD
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=tuned)
    return training_step(model, loss_of, [random_batch() for _ in range(4)], optimizer), 1


def empty_caches(rows):
    return [[torch.zeros(rows, HEADS, STEPS, SIZE // HEADS) for _ in range(2)] for _ in range(LAYERS)]


def greedy(model, source):
    """Says STEPS tokens: the end token is forbidden, so that all sentences take as long."""
    remembered, mask = model.encode(source)
    caches, last = empty_caches(1), torch.full((1, 1), BOS)
    for step in range(STEPS):
        logits = model.decode(last, remembered, mask, caches, step)[:, -1]
        logits[:, EOS] = -1e9
        last = logits.argmax(-1, keepdim=True)


def beam(model, source, width=5):
    remembered, mask = model.encode(source)
    remembered = [[part.expand(width, -1, -1, -1) for part in memory] for memory in remembered]
    mask, caches = mask.expand(width, -1, -1, -1), empty_caches(width)
    said = torch.full((width, 1), BOS)
    scores = torch.full((width,), -1e9)
    scores[0] = 0
    for step in range(STEPS):
        logits = model.decode(said[:, -1:], remembered, mask, caches, step)[:, -1]
        logits[:, EOS] = -1e9
        scores, best = (scores[:, None] + logits.log_softmax(-1)).flatten().topk(width)
        rows = best // VOCAB
        said = torch.cat([said[rows], (best % VOCAB)[:, None]], 1)
        caches = [[part[rows] for part in cache] for cache in caches]


def decoding(search):
    def build(_tuned):
        model = Translator().eval()
        sources = [torch.randint(3, VOCAB, (1, STEPS)) for _ in range(4)]

        @torch.inference_mode()
        def step(i):
            search(model, sources[i % 4])

        return step, 1

    return build


workloads = {"W9_nmt_tied": training, "W15_greedy_kv": decoding(greedy), "W15_beam5_kv": decoding(beam)}
