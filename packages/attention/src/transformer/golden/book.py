"""Writes book.json: PyTorch's numbers for the book's own classes (sections 10.2, 10.5 to 10.7). Run: python book.py

The classes are written here with the book's structure and names of parameters. Each layer's case holds weights, inputs, the
output, attention weights where it has them, and the gradients of sum(output * probe). The last case is the whole model
with a batch, logits, attention of every layer and head, gradients of the book's loss, and the losses of three Adam steps.
Needs torch.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

from pack import flat, pack

V, TARGETS, B, S, T, D, H, FF, L = 11, 9, 3, 5, 4, 4, 2, 6, 2
LENS = torch.tensor([5, 3, 1])
PAD = 1


def masked_softmax(scores, lens):
    """scores [rows, queries, keys]; lens [rows] or [rows, queries] or None."""
    if lens is None:
        return F.softmax(scores, dim=-1)
    if lens.dim() == 1:
        lens = lens[:, None].expand(-1, scores.shape[1])
    hidden = torch.arange(scores.shape[-1]) >= lens[..., None]
    return F.softmax(scores.masked_fill(hidden, -1e6), dim=-1)


class NWKernelRegression(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.rand(1))

    def forward(self, queries, keys, values):
        self.attention_weights = F.softmax(-(((queries[:, None] - keys) * self.w) ** 2) / 2, dim=1)
        return torch.bmm(self.attention_weights[:, None], values[..., None]).reshape(-1)


class DotProductAttention(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, lens=None):
        scores = torch.bmm(queries, keys.transpose(1, 2)) / math.sqrt(queries.shape[-1])
        self.attention_weights = masked_softmax(scores, lens)
        return torch.bmm(self.dropout(self.attention_weights), values)


class MultiHeadAttention(nn.Module):
    def __init__(self, num_hiddens, num_heads, dropout, bias=False):
        super().__init__()
        self.num_heads = num_heads
        self.attention = DotProductAttention(dropout)
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(num_hiddens, num_hiddens, bias=bias) for _ in range(4))

    def transpose_qkv(self, x):
        x = x.reshape(x.shape[0], x.shape[1], self.num_heads, -1).permute(0, 2, 1, 3)
        return x.reshape(-1, x.shape[2], x.shape[3])

    def transpose_output(self, x):
        x = x.reshape(-1, self.num_heads, x.shape[1], x.shape[2]).permute(0, 2, 1, 3)
        return x.reshape(x.shape[0], x.shape[1], -1)

    def forward(self, queries, keys, values, lens):
        queries, keys, values = (self.transpose_qkv(x) for x in (self.W_q(queries), self.W_k(keys), self.W_v(values)))
        if lens is not None:
            lens = torch.repeat_interleave(lens, self.num_heads, dim=0)
        return self.W_o(self.transpose_output(self.attention(queries, keys, values, lens)))


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.P = torch.zeros((1, max_len, num_hiddens))
        x = torch.arange(max_len, dtype=torch.float32)[:, None] / torch.pow(10000, torch.arange(0, num_hiddens, 2, dtype=torch.float32) / num_hiddens)
        self.P[:, :, 0::2], self.P[:, :, 1::2] = torch.sin(x), torch.cos(x)

    def forward(self, x):
        return self.dropout(x + self.P[:, : x.shape[1]])


class PositionWiseFFN(nn.Module):
    def __init__(self, size, hidden, outputs):
        super().__init__()
        self.dense1, self.relu, self.dense2 = nn.Linear(size, hidden), nn.ReLU(), nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.dense2(self.relu(self.dense1(x)))


class AddNorm(nn.Module):
    def __init__(self, shape, dropout):
        super().__init__()
        self.dropout, self.ln = nn.Dropout(dropout), nn.LayerNorm(shape)

    def forward(self, x, y):
        return self.ln(self.dropout(y) + x)


class EncoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_hiddens, num_heads, dropout, bias=False):
        super().__init__()
        self.attention, self.addnorm1 = MultiHeadAttention(num_hiddens, num_heads, dropout, bias), AddNorm([num_hiddens], dropout)
        self.ffn, self.addnorm2 = PositionWiseFFN(num_hiddens, ffn_hiddens, num_hiddens), AddNorm([num_hiddens], dropout)

    def forward(self, x, lens):
        y = self.addnorm1(x, self.attention(x, x, x, lens))
        return self.addnorm2(y, self.ffn(y))


class TransformerEncoder(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_hiddens, num_heads, num_layers, dropout, bias=False):
        super().__init__()
        self.num_hiddens = num_hiddens
        self.embedding, self.pos_encoding = nn.Embedding(vocab_size, num_hiddens), PositionalEncoding(num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            self.blks.add_module(f"block{i}", EncoderBlock(num_hiddens, ffn_hiddens, num_heads, dropout, bias))

    def forward(self, ids, lens):
        x = self.pos_encoding(self.embedding(ids) * math.sqrt(self.num_hiddens))
        for blk in self.blks:
            x = blk(x, lens)
        self.attention_weights = [blk.attention.attention.attention_weights for blk in self.blks]
        return x


class DecoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_hiddens, num_heads, dropout):
        super().__init__()
        self.attention1, self.addnorm1 = MultiHeadAttention(num_hiddens, num_heads, dropout), AddNorm([num_hiddens], dropout)
        self.attention2, self.addnorm2 = MultiHeadAttention(num_hiddens, num_heads, dropout), AddNorm([num_hiddens], dropout)
        self.ffn, self.addnorm3 = PositionWiseFFN(num_hiddens, ffn_hiddens, num_hiddens), AddNorm([num_hiddens], dropout)

    def forward(self, x, memory, lens):
        seen = torch.arange(1, x.shape[1] + 1).repeat(x.shape[0], 1)
        y = self.addnorm1(x, self.attention1(x, x, x, seen))
        z = self.addnorm2(y, self.attention2(y, memory, memory, lens))
        return self.addnorm3(z, self.ffn(z))


class TransformerDecoder(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        self.num_hiddens = num_hiddens
        self.embedding, self.pos_encoding = nn.Embedding(vocab_size, num_hiddens), PositionalEncoding(num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            self.blks.add_module(f"block{i}", DecoderBlock(num_hiddens, ffn_hiddens, num_heads, dropout))
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def forward(self, ids, memory, lens):
        x = self.pos_encoding(self.embedding(ids) * math.sqrt(self.num_hiddens))
        for blk in self.blks:
            x = blk(x, memory, lens)
        self.attention_weights = [[getattr(blk, name).attention.attention_weights for blk in self.blks] for name in ("attention1", "attention2")]
        return self.dense(x)


class EncoderDecoder(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, source, lens, inputs):
        return self.decoder(inputs, self.encoder(source, lens), lens)


def masked_softmax_ce(logits, labels, lens):
    """The book's MaskedSoftmaxCELoss: each row's mean over all steps with padding at 0; summed, as it is trained."""
    mask = (torch.arange(labels.shape[1]) < lens[:, None]).float()
    return (F.cross_entropy(logits.permute(0, 2, 1), labels, reduction="none") * mask).mean(1).sum()


def drawn(model):
    for p in model.parameters():
        nn.init.normal_(p, std=0.4)
    return dict(model.named_parameters())


def layer(kind, seed, build, run, attention=None, ids=None, **shapes):
    """`run` of a model and inputs of the given shapes; `attention` finds the weights in the model afterwards."""
    torch.manual_seed(seed)
    model = build()
    named = drawn(model)
    inputs = {name: torch.randn(shape, requires_grad=True) for name, shape in shapes.items()}
    output = run(model, *inputs.values())
    probe = torch.randn_like(output)
    (output * probe).sum().backward()
    return dict(kind=kind, lens=LENS.tolist(), ids=None if ids is None else ids.tolist(), weights=pack(named), inputs=pack(inputs), probe=flat(probe), output=flat(output),
                attention=None if attention is None else flat(attention(model)), gradients={n: flat(x.grad) for n, x in {**named, **inputs}.items()})


def padded(count, steps, lens):
    ids = torch.randint(3, count, (B, steps))
    return ids.masked_fill(torch.arange(steps) >= lens[:, None], PAD)


def whole(seed):
    torch.manual_seed(seed)
    model = EncoderDecoder(TransformerEncoder(V, D, FF, H, L, 0), TransformerDecoder(TARGETS, D, FF, H, L, 0))
    named = drawn(model)
    target_lens = torch.tensor([4, 2, 3])
    source, labels = padded(V, S, LENS), padded(TARGETS, T, target_lens)
    inputs = torch.cat([torch.full((B, 1), 2), labels[:, :-1]], dim=1)
    weights = pack(named)
    logits = model(source, LENS, inputs)
    attention = dict(zip(("encoder", "self", "cross"), (model.encoder.attention_weights, *model.decoder.attention_weights)))
    masked_softmax_ce(logits, labels, target_lens).backward()
    gradients = {name: flat(p.grad) for name, p in named.items()}
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = masked_softmax_ce(model(source, LENS, inputs), labels, target_lens)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return dict(vocabSize=V, targetVocabSize=TARGETS, weights=weights, source=source.tolist(), lens=LENS.tolist(), inputs=inputs.tolist(), labels=labels.tolist(),
                targetLens=target_lens.tolist(), logits=flat(logits), attention={kind: flat(torch.stack(maps)) for kind, maps in attention.items()}, gradients=gradients, losses=losses)


weights_of = lambda model: model.attention.attention_weights
torch.manual_seed(0)
IDS = padded(V, S, LENS)
layers = [
    layer("NWKernelRegression", 1, NWKernelRegression, lambda m, q, k, v: m(q, k, v), lambda m: m.attention_weights, queries=(T,), keys=(T, S), values=(T, S)),
    layer("PositionalEncoding", 2, lambda: PositionalEncoding(D, 0), lambda m, x: m(x), x=(B, S, D)),
    layer("PositionWiseFFN", 3, lambda: PositionWiseFFN(D, FF, 6), lambda m, x: m(x), x=(B, S, D)),
    layer("AddNorm", 4, lambda: AddNorm([D], 0), lambda m, x, y: m(x, y), x=(B, S, D), y=(B, S, D)),
    layer("MultiHeadAttention", 5, lambda: MultiHeadAttention(D, H, 0), lambda m, q, k, v: m(q, k, v, LENS), weights_of, queries=(B, T, D), keys=(B, S, D), values=(B, S, D)),
    layer("EncoderBlock", 6, lambda: EncoderBlock(D, FF, H, 0), lambda m, x: m(x, LENS), lambda m: weights_of(m.attention), x=(B, S, D)),
    layer("EncoderBlock with biases", 7, lambda: EncoderBlock(D, FF, H, 0, True), lambda m, x: m(x, LENS), lambda m: weights_of(m.attention), x=(B, S, D)),
    layer("DecoderBlock", 8, lambda: DecoderBlock(D, FF, H, 0), lambda m, x, memory: m(x, memory, LENS), lambda m: weights_of(m.attention2), x=(B, T, D), memory=(B, S, D)),
    layer("TransformerEncoder", 9, lambda: TransformerEncoder(V, D, FF, H, L, 0), lambda m: m(IDS, LENS), lambda m: torch.stack(m.attention_weights), IDS),
]
(pathlib.Path(__file__).parent / "book.json").write_text(json.dumps(dict(layers=layers, model=whole(10))) + "\n")
