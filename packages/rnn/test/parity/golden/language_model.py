"""A character LSTM trained for a moment in PyTorch, saved as safetensors, and the text it goes on with.

Writes language_model.safetensors and language_model.json. Run: python language_model.py
"""
import json
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(20261124)
torch.set_num_threads(1)
TEXT = "the time traveller for so it will be convenient to speak of him was expounding a recondite matter to us "
vocab = ["<unk>", *sorted(set(TEXT))]
ids = torch.tensor([[vocab.index(c) for c in TEXT * 2]])


class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(vocab), 8)
        self.rnn = nn.LSTM(8, 24, num_layers=2, batch_first=True)
        self.linear = nn.Linear(24, len(vocab))

    def forward(self, ids, state=None):
        output, state = self.rnn(self.embedding(ids), state)
        return self.linear(output), state


model = LanguageModel()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for _ in range(120):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(ids[:, :-1])[0].transpose(1, 2), ids[:, 1:])
    loss.backward()
    optimizer.step()
texts = {}
with torch.no_grad():
    for prompt in ["the ", "to us", "x", "matter was"]:
        logits, state = model(torch.tensor([[vocab.index(c) if c in vocab else 0 for c in prompt]]))
        out = []
        for _ in range(120):
            token = int(logits[0, -1].argmax())
            out.append(vocab[token])
            logits, state = model(torch.tensor([[token]]), state)
        texts[prompt] = "".join(out)
print(float(loss), texts)
folder = os.path.dirname(os.path.abspath(__file__))
save_file(model.state_dict(), os.path.join(folder, "language_model.safetensors"), metadata={"format": "pt"})
with open(os.path.join(folder, "language_model.json"), "w") as file:
    json.dump({"vocab": vocab, "loss": float(loss), "texts": texts}, file, indent=1)
    file.write("\n")
