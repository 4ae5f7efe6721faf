"""Forward values and gradients of PyTorch's layers -> layers.json (read by test/parity/layers.test.ts)."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from common import objective, pack, pack_ints, save

cases = []


def record(name, layer, args, module, inputs, forward=None, ints=None, train=True):
    """Runs a module once; stores state before, outputs, gradients, state after."""
    module.train(train)
    state = {k: pack(v) for k, v in module.state_dict().items()}
    for tensor in inputs.values():
        tensor.requires_grad_(True)
    outputs = forward(module, **inputs) if forward else [module(*inputs.values())]
    objective(outputs).backward()
    buffers = dict(module.named_buffers())
    cases.append({
        "name": name,
        "layer": layer,
        "args": args,
        "train": train,
        "state": state,
        "inputs": {k: pack(v) for k, v in inputs.items()},
        "ints": {k: pack_ints(v) for k, v in (ints or {}).items()},
        "outputs": [pack(o) for o in outputs],
        "inputGrads": {k: pack(v.grad) for k, v in inputs.items()},
        "grads": {k: pack(v.grad) for k, v in module.named_parameters()},
        "after": {k: pack(v) for k, v in buffers.items()},
    })


def x(*shape):
    return torch.randn(*shape)


record("Linear", "Linear", [5, 3], nn.Linear(5, 3), {"x": x(2, 4, 5)})
record("Linear without bias", "Linear", [3, 7, {"bias": False}], nn.Linear(3, 7, bias=False), {"x": x(6, 3)})
record("LayerNorm", "LayerNorm", [6], nn.LayerNorm(6), {"x": x(3, 2, 6)})
layer = nn.LayerNorm(5, eps=1e-3)
nn.init.normal_(layer.weight), nn.init.normal_(layer.bias)
record("LayerNorm with other weights", "LayerNorm", [5, {"epsilon": 1e-3}], layer, {"x": x(4, 5) * 3})

ids = torch.tensor([[1, 4, 0], [4, 2, 4]])
for padding in (None, 4):
    module = nn.Embedding(6, 3, padding_idx=padding)
    options = {} if padding is None else {"paddingIdx": padding}
    record(f"Embedding, padding {padding}", "Embedding", [6, 3, options], module, {}, lambda m: [m(ids)], {"ids": ids})


def randomized(module):
    for p in module.parameters():
        nn.init.normal_(p)
    for k, b in module.named_buffers():
        if k.startswith("running"):
            b.copy_(torch.rand(b.shape) + 0.5)
    return module


record("BatchNorm1d", "BatchNorm1d", [3], randomized(nn.BatchNorm1d(3)), {"x": x(5, 3)})
record("BatchNorm1d over steps", "BatchNorm1d", [3, {"momentum": 0.3}], randomized(nn.BatchNorm1d(3, momentum=0.3)), {"x": x(2, 3, 4)})
record("BatchNorm2d", "BatchNorm2d", [2], randomized(nn.BatchNorm2d(2)), {"x": x(3, 2, 3, 2) + 1})
record("BatchNorm2d in evaluation", "BatchNorm2d", [2], randomized(nn.BatchNorm2d(2)), {"x": x(3, 2, 3, 2)}, train=False)

record("Conv2d", "Conv2d", [2, 3, 3], nn.Conv2d(2, 3, 3), {"x": x(2, 2, 5, 4)})
record("Conv2d, stride and padding", "Conv2d", [2, 3, [3, 2], {"stride": [2, 1], "padding": [1, 2]}],
       nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(1, 2)), {"x": x(1, 2, 5, 4)})
record("Conv2d, groups and dilation", "Conv2d", [4, 6, 2, {"groups": 2, "dilation": 2, "bias": False}],
       nn.Conv2d(4, 6, 2, groups=2, dilation=2, bias=False), {"x": x(1, 4, 4, 5)})
record("MaxPool2d", "MaxPool2d", [3, {"stride": 2, "padding": 1}], nn.MaxPool2d(3, stride=2, padding=1), {"x": x(1, 2, 6, 5) - 3})
record("AvgPool2d", "AvgPool2d", [[2, 3], {"padding": 1, "stride": 2}], nn.AvgPool2d((2, 3), padding=1, stride=2), {"x": x(1, 2, 6, 5)})

for name in ("ReLU", "Sigmoid", "Tanh", "GELU", "SiLU"):
    record(name, name, [], getattr(nn, name)(), {"x": x(3, 5) * 2})
record("Softmax", "Softmax", [], nn.Softmax(-1), {"x": x(3, 5) * 2})

lengths = torch.tensor([4, 1, 3])


def run_recurrent(module, packed):
    def forward(m, x, h0=None, c0=None):
        state = None if h0 is None else (h0 if c0 is None else (h0, c0))
        given = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False) if packed else x
        output, last = m(given, state)
        if packed:
            output, _ = pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])
        return [output, *(last if isinstance(last, tuple) else (last,))]
    return forward


for kind in ("RNN", "GRU", "LSTM"):
    for layers, bi, packed, states in ((1, False, False, False), (2, True, False, True), (2, True, True, True), (1, False, True, False)):
        module = getattr(nn, kind)(3, 4, num_layers=layers, bidirectional=bi, batch_first=True)
        options = {"numLayers": layers, "bidirectional": bi}
        inputs = {"x": x(3, 4, 3)}
        if states:
            inputs["h0"] = x(layers * (2 if bi else 1), 3, 4)
            if kind == "LSTM":
                inputs["c0"] = x(layers * (2 if bi else 1), 3, 4)
        name = f"{kind}, {layers} layers{', both directions' if bi else ''}{', lengths' if packed else ''}{', states' if states else ''}"
        record(name, kind, [3, 4, options], module, inputs, run_recurrent(module, packed), {"lengths": lengths} if packed else None)
record("RNN with relu", "RNN", [2, 3, {"nonlinearity": "relu"}], nn.RNN(2, 3, nonlinearity="relu", batch_first=True), {"x": x(2, 3, 2)},
       lambda m, x: list(m(x)))
record("GRU without bias", "GRU", [2, 3, {"bias": False}], nn.GRU(2, 3, bias=False, batch_first=True), {"x": x(2, 3, 2)}, lambda m, x: list(m(x)))

record("RNNCell", "RNNCell", [3, 4], nn.RNNCell(3, 4), {"x": x(2, 3), "h": x(2, 4)})
record("GRUCell", "GRUCell", [3, 4], nn.GRUCell(3, 4), {"x": x(2, 3), "h": x(2, 4)})
record("LSTMCell", "LSTMCell", [3, 4], nn.LSTMCell(3, 4), {"x": x(2, 3), "h": x(2, 4), "c": x(2, 4)}, lambda m, x, h, c: list(m(x, (h, c))))


class Attention(nn.Module):
    """F.scaled_dot_product_attention over heads that are merged in the last axis."""

    def __init__(self, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal

    def forward(self, query, key, value, mask=None):
        def split(t):
            return t.view(t.shape[0], t.shape[1], self.heads, -1).transpose(1, 2)
        y = nn.functional.scaled_dot_product_attention(split(query), split(key), split(value), attn_mask=mask, is_causal=self.causal)
        return y.transpose(1, 2).reshape(query.shape)


record("attention", "attention", [{"numHeads": 2}], Attention(2, False), {"query": x(2, 3, 4), "key": x(2, 5, 4), "value": x(2, 5, 4)})
record("attention, causal", "attention", [{"numHeads": 2, "causal": True}], Attention(2, True), {"query": x(2, 4, 6), "key": x(2, 4, 6), "value": x(2, 4, 6)})
hidden = torch.arange(5) >= torch.tensor([2, 5])[:, None]
mask = torch.zeros(2, 1, 1, 5).masked_fill(hidden[:, None, None, :], float("-inf"))
record("attention, valid lengths", "attention", [{"numHeads": 1}], Attention(1, False), {"query": x(2, 3, 4), "key": x(2, 5, 4), "value": x(2, 5, 4)},
       lambda m, query, key, value: [m(query, key, value, mask)], {"validLens": torch.tensor([2, 5])})

record("Conv1d", "Conv1d", [3, 4, 3], nn.Conv1d(3, 4, 3), {"x": x(2, 3, 6)})
record("Conv1d, groups, stride, padding and dilation", "Conv1d",
       [4, 2, 2, {"groups": 2, "stride": 2, "padding": 1, "dilation": 2, "bias": False}],
       nn.Conv1d(4, 2, 2, groups=2, stride=2, padding=1, dilation=2, bias=False), {"x": x(1, 4, 5)})

save("layers.json", cases)
