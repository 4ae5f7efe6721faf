"""What the golden scripts share: seeded tensors, and compact JSON. Run: python layers.py (and the others)."""
import json
import math
import os

import torch

torch.manual_seed(20260924)
torch.set_num_threads(1)


def pack(tensor):
    """A tensor as {shape, data}, data with nine significant digits."""
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "data": [float(f"{x:.9g}") for x in tensor.reshape(-1).double().tolist()]}


def pack_ints(tensor):
    return {"shape": list(tensor.shape), "data": [int(x) for x in tensor.reshape(-1).tolist()], "dtype": "int32"}


def objective(outputs):
    """Sum of all outputs weighted by cos(1), cos(2), ...: the loss whose gradients the tests compare."""
    flat = torch.cat([o.reshape(-1) for o in outputs])
    weights = torch.tensor([math.cos(i + 1) for i in range(flat.numel())], dtype=torch.float32)
    return (flat * weights).sum()


def save(name, value):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")
    print(name, os.path.getsize(path), "bytes")
