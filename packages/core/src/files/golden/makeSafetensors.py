# Writes reference.safetensors and halfFloats.json with PyTorch and the safetensors library.
# Run: python makeSafetensors.py (torch, numpy and safetensors installed), in this folder.
import json

import numpy
import torch
from safetensors.torch import save_file

torch.manual_seed(0)
tensors = {
    "f32": torch.randn(3, 5),
    "f16": torch.randn(4, 2).half(),
    "bf16": torch.randn(7).bfloat16(),
    "f64": torch.tensor([1 / 3, -2.5], dtype=torch.float64),
    "i64": torch.tensor([[-(2**31), 2**31 - 1], [0, 7]]),
    "i32": torch.tensor([-5, 6], dtype=torch.int32),
    "i16": torch.tensor([-300, 300], dtype=torch.int16),
    "i8": torch.tensor([-128, 127], dtype=torch.int8),
    "u8": torch.tensor([0, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 4),
}
save_file(tensors, "reference.safetensors", metadata={"format": "pt", "note": "é"})

edges = [0, -0.0, 1, -1, 65504, 65519.99, 65520, 1e6, -1e6, 5.96e-8, 2.98e-8, 2.9803e-8, 6.1e-5, 6.10352e-5, 1e-40]
edges += [float("inf"), float("-inf"), 1 + 2**-11, 1 + 3 * 2**-11, 1 + 2**-8, 1 + 3 * 2**-8, 3.4e38, 2**-24 * 1.5, 2**-24 * 2.5]
wide = numpy.random.default_rng(0).integers(0, 2**32, 300, dtype=numpy.uint32).view(numpy.float32)
near = (numpy.random.default_rng(1).normal(size=300) * 2.0 ** numpy.random.default_rng(2).integers(-28, 18, 300)).astype(numpy.float32)
values = numpy.concatenate([numpy.array(edges, numpy.float32), wide[~numpy.isnan(wide)], near])
f16 = torch.from_numpy(values).half().numpy().view(numpy.uint16)
bf16 = torch.from_numpy(values).bfloat16().view(torch.int16).numpy().view(numpy.uint16)
result = {
    "bits": values.view(numpy.uint32).tolist(),
    "f16": f16.tolist(),
    "bf16": bf16.tolist(),
    "tensors": {name: tensor.double().flatten().tolist() for name, tensor in tensors.items()},
}
with open("halfFloats.json", "w") as file:
    json.dump(result, file)
