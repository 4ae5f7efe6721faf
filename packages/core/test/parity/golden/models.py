"""Training of small whole models in PyTorch: losses of five steps and the state after them -> models.json."""
import torch
import torch.nn.functional as F
from torch import nn

from common import pack, pack_ints, save


class LanguageModel(nn.Module):
    """Two GRU layers over embeddings, a linear layer on top."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.rnn = nn.GRU(6, 8, num_layers=2, batch_first=True)
        self.output = nn.Linear(8, 11)

    def forward(self, ids):
        return self.output(self.rnn(self.embedding(ids))[0])


class Block(nn.Module):
    """A post-norm Transformer encoder block with packed projections."""

    def __init__(self, d, f, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.ffn1, self.ffn2 = nn.Linear(d, f), nn.Linear(f, d)

    def forward(self, x, mask):
        b, t, d = x.shape
        q, k, v = (z.view(b, t, self.heads, -1).transpose(1, 2) for z in self.qkv(x).chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(b, t, d)
        x = self.norm1(x + self.out(y))
        return self.norm2(x + self.ffn2(F.gelu(self.ffn1(x))))


class Encoder(nn.Module):
    """Two blocks with a decoder that shares the embedding's weight."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(9, 8)
        self.blocks = nn.ModuleList(Block(8, 16, 2) for _ in range(2))
        self.decoder = nn.Linear(8, 9)
        self.decoder.weight = self.embedding.weight

    def forward(self, ids, lengths):
        mask = (torch.arange(ids.shape[1]) < lengths[:, None])[:, None, None, :]
        x = self.embedding(ids)
        for block in self.blocks:
            x = block(x, mask)
        return self.decoder(x)


class Convolutional(nn.Module):
    """A tiny LeNet with batch normalisation."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.Sigmoid(), nn.AvgPool2d(2),
            nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4, 5))

    def forward(self, x):
        return self.net(x)


def train(name, model, loss, optimizer, batch, options, clip=None):
    state = {k: pack(v) for k, v in model.state_dict().items()}
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        value = loss()
        value.backward()
        if clip:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(float(value.detach()))
    return {"name": name, "state": state, "batch": batch, "options": options, "losses": losses,
            "after": {k: pack(v) for k, v in model.state_dict().items()}}


cases = []
ids, targets = torch.randint(11, (3, 5)), torch.randint(11, (3, 5))
model = LanguageModel()
cases.append(train("LanguageModel", model, lambda: F.cross_entropy(model(ids).view(-1, 11), targets.view(-1)),
                   torch.optim.SGD(model.parameters(), lr=1.0), {"ids": pack_ints(ids), "targets": pack_ints(targets)}, {"lr": 1.0}, 1.0))

ids2, targets2, lengths = torch.randint(9, (3, 6)), torch.randint(9, (3, 6)), torch.tensor([6, 2, 4])
targets2[torch.arange(6) >= lengths[:, None]] = -100
encoder = Encoder()
# a large eps: the gradient of the key bias is 0, and Adam would blow up its rounding errors
cases.append(train("Encoder", encoder, lambda: F.cross_entropy(encoder(ids2, lengths).view(-1, 9), targets2.view(-1), label_smoothing=0.1),
                   torch.optim.AdamW(encoder.parameters(), lr=0.01, weight_decay=0.1, eps=1e-3),
                   {"ids": pack_ints(ids2), "targets": pack_ints(targets2), "lengths": pack_ints(lengths)}, {"lr": 0.01, "weightDecay": 0.1, "eps": 1e-3}))

images, labels = torch.randn(4, 1, 8, 8), torch.randint(5, (4,))
convolutional = Convolutional()
cases.append(train("Convolutional", convolutional, lambda: F.cross_entropy(convolutional(images), labels),
                   torch.optim.SGD(convolutional.parameters(), lr=0.1, momentum=0.9), {"images": pack(images), "labels": pack_ints(labels)},
                   {"lr": 0.1, "momentum": 0.9}))

save("models.json", cases)
