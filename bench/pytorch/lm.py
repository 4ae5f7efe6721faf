"""W1-W5: the book's character language models, one-hot 28 -> hidden 256 -> 28, batch 32, 35 steps."""

import torch
from torch import nn
from torch.nn import functional as F

from training import training_step

VOCAB, HIDDEN, BATCH, STEPS = 28, 256, 32, 35


class CharLM(nn.Module):
    def __init__(self, cell, **options):
        super().__init__()
        self.rnn = cell(VOCAB, HIDDEN, **options)
        self.out = nn.Linear(HIDDEN * (2 if self.rnn.bidirectional else 1), VOCAB)

    def forward(self, ids):  # [steps, batch]
        output, _ = self.rnn(F.one_hot(ids, VOCAB).float())
        return self.out(output.flatten(0, 1))


def language_model(cell, **options):
    def build(tuned):
        model = CharLM(cell, **options)
        batches = [torch.randint(VOCAB, (2, STEPS, BATCH)) for _ in range(4)]
        optimizer = torch.optim.SGD(model.parameters(), lr=1.0, fused=tuned)
        loss_of = lambda ids, labels: F.cross_entropy(model(ids), labels.flatten())
        return training_step(model, loss_of, batches, optimizer), 1

    return build


workloads = {
    "W1_rnn_lm": language_model(nn.RNN),
    "W2_gru_lm": language_model(nn.GRU),
    "W3_lstm_lm": language_model(nn.LSTM),
    "W4_lstm2_lm": language_model(nn.LSTM, num_layers=2),
    "W5_bilstm2_lm": language_model(nn.LSTM, num_layers=2, bidirectional=True),
}
