"""Writes nn_transformer.safetensors, the state dict of a torch.nn.Transformer as PyTorch saves it, and nn_transformer.json,
what the model says to a batch. Run: python nn_transformer.py

The model is post-norm, and as ever in nn.Transformer there is a normalisation after each stack. Needs torch, safetensors.
"""
import json
import math
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

V, TARGETS, D, H, FF, S, T = 7, 6, 4, 2, 6, 5, 3


class Translator(nn.Transformer):
    """nn.Transformer takes vectors: embeddings with trained positions before it, an output after it."""

    def __init__(self):
        super().__init__(D, H, 1, 1, FF, dropout=0.0, batch_first=True)
        self.source_embedding, self.target_embedding = nn.Embedding(V, D), nn.Embedding(TARGETS, D)
        self.position, self.output = nn.Embedding(8, D), nn.Linear(D, TARGETS)

    def forward(self, source, lens, inputs):
        embed = lambda embedding, ids: embedding(ids) * math.sqrt(D) + self.position.weight[: ids.shape[1]]
        hidden = torch.arange(S) >= lens[:, None]
        y = super().forward(embed(self.source_embedding, source), embed(self.target_embedding, inputs), tgt_mask=torch.ones(T, T).triu(1).bool(),
                            src_key_padding_mask=hidden, memory_key_padding_mask=hidden)
        return self.output(y)


torch.manual_seed(1)
model = Translator()
for p in model.parameters():
    nn.init.normal_(p, std=0.5)
lens = torch.tensor([5, 2])
source, inputs = torch.randint(1, V, (2, S)), torch.randint(1, TARGETS, (2, T))
logits = model(source, lens, inputs)
folder = pathlib.Path(__file__).parent
save_file(model.state_dict(), folder / "nn_transformer.safetensors")
config = dict(vocabSize=V, targetVocabSize=TARGETS, dim=D, numHeads=H, ffnDim=FF, encoderLayers=1, decoderLayers=1, normFirst=False, finalNorm=True,
              positions="learned", maxLen=8, tiedEmbeddings=False, outputBias=True)
golden = dict(config=config, source=source.tolist(), lens=lens.tolist(), inputs=inputs.tolist(), logits=[round(x, 7) for x in logits.flatten().tolist()])
(folder / "nn_transformer.json").write_text(json.dumps(golden) + "\n")
