"""G_char_lstm_generate: the shipped character LSTM, token by token."""

import json
import os

import torch
from torch import nn

TOKENS = 100  # a step; as in packages/cli/src/bench/workloads/generation.ts
TEMPERATURE = 0.8


class CharModel(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.embedding = nn.Embedding(sizes["vocabSize"], sizes["embedSize"])
        self.rnn = nn.LSTM(sizes["embedSize"], sizes["hiddenSize"], sizes["numLayers"], batch_first=True)
        self.linear = nn.Linear(sizes["hiddenSize"], sizes["vocabSize"])

    def forward(self, ids, state=None):
        output, state = self.rnn(self.embedding(ids), state)
        return self.linear(output), state


def load():
    from safetensors.torch import load_file

    folder = os.path.join(os.path.dirname(__file__), "../../models/shakespeare-lstm")
    with open(os.path.join(folder, "config.json")) as file:
        model = CharModel(json.load(file)["model"])
    weights = load_file(os.path.join(folder, "model.safetensors"))
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    return model.eval()


def build(tuned):
    torch.backends.mkldnn.enabled = not tuned  # oneDNN packs the LSTM's weights anew for every token
    model = load()

    @torch.inference_mode()
    def step(_i):
        ids, state = torch.tensor([[1]]), None
        for _ in range(TOKENS):
            logits, state = model(ids, state)
            probabilities = torch.softmax(logits[0, -1] / TEMPERATURE, -1)
            ids = torch.multinomial(probabilities, 1).view(1, 1)
            ids.item()  # the token goes to whoever reads the text

    return step, 1


workloads = {"G_char_lstm_generate": build}
