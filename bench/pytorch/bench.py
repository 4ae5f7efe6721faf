"""PyTorch twin of G_char_lstm_generate: the shipped character LSTM, token by token, eager.

    bench.py G_char_lstm_generate --threads 1 --mode eager --budget 2.5

Prints one JSON line like the other twins. The weights are models/shakespeare-lstm/model.safetensors, read as float32.
Mode `eager` is PyTorch as it comes; `tuned` turns oneDNN off, which packs the LSTM's weights anew for every token.
"""

import argparse
import json
import os
import resource
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("name")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--mode", default="eager")
parser.add_argument("--budget", type=float, default=2.5)
args = parser.parse_args()

if args.mode not in ("eager", "tuned") or args.name != "G_char_lstm_generate":
    print(json.dumps({"mode": args.mode, "error": "n/a"}))
    sys.exit()

import torch  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

TOKENS = 100  # a step; as in packages/cli/src/bench/workloads/generation.ts
TEMPERATURE = 0.8

torch.set_num_threads(args.threads)
torch.set_num_interop_threads(1)
torch.manual_seed(0)
torch.backends.mkldnn.enabled = args.mode == "eager"


class CharModel(torch.nn.Module):
    def __init__(self, vocab, embed, hidden, layers):
        super().__init__()
        self.embedding = torch.nn.Embedding(vocab, embed)
        self.rnn = torch.nn.LSTM(embed, hidden, layers, batch_first=True)
        self.linear = torch.nn.Linear(hidden, vocab)

    def forward(self, ids, state=None):
        output, state = self.rnn(self.embedding(ids), state)
        return self.linear(output), state


def load():
    folder = os.path.join(os.path.dirname(__file__), "../../models/shakespeare-lstm")
    with open(os.path.join(folder, "config.json")) as file:
        sizes = json.load(file)["model"]
    model = CharModel(sizes["vocabSize"], sizes["embedSize"], sizes["hiddenSize"], sizes["numLayers"])
    weights = load_file(os.path.join(folder, "model.safetensors"))
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    return model.eval()


@torch.inference_mode()
def generate(model):
    ids, state = torch.tensor([[1]]), None
    for _ in range(TOKENS):
        logits, state = model(ids, state)
        probabilities = torch.softmax(logits[0, -1] / TEMPERATURE, -1)
        ids = torch.multinomial(probabilities, 1).view(1, 1)
        ids.item()  # the token goes to whoever reads the text


model = load()
warm_end = time.perf_counter() + 0.5
while time.perf_counter() < warm_end:
    generate(model)
times = []
end = time.perf_counter() + args.budget
while len(times) < 8 or time.perf_counter() < end:
    begin = time.perf_counter()
    generate(model)
    times.append((time.perf_counter() - begin) * 1000)
times.sort()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(
    json.dumps(
        {
            "workload": args.name,
            "threads": args.threads,
            "mode": args.mode,
            "reps": [{"median_ms": times[len(times) // 2]}],
            "peak_rss_mb": peak,
        }
    )
)
