# Gradients of Σ (1, 2, 3, …) · f at zeros, ties and edges, by PyTorch:
#
#     python ties.py      # needs torch and numpy; writes ties.json
import json, pathlib
import numpy, torch
from torch.nn.functional import pad


def mirror(x, paddings, mode):  # PyTorch mirrors images only, and knows no 'symmetric'
    index = numpy.arange(x.numel()).reshape(tuple(x.shape))
    return x.flatten()[torch.tensor(numpy.pad(index, paddings, mode=mode))]


plain = [1.0, 3.0, 3.0, 2.0, 2.0, 2.0]
product = [2.0, 0.0, 3.0, 0.0, 5.0, 1.0, -2.0, 3.0, 4.0, 0.5]
cases = {
    "norm of zeros": (lambda x: x.norm(), [0.0, 0.0]),
    "norm of rows, one of zeros": (lambda x: x.reshape(2, 2).norm(dim=1), [0.0, 0.0, 3.0, 4.0]),
    "Frobenius norm of zeros": (lambda x: x.reshape(2, 2).norm(p="fro", dim=(0, 1)), [0.0] * 4),
    "maximum norm": (lambda x: x.abs().amax(), [0.0, -2.0, 2.0]),
    "pow": (torch.pow, [0.0, 0.0, 0.0, 2.0, 1.5], [0.0, 2.0, 1.0, 0.0, 2.5]),
    "amax": (lambda x: x.reshape(2, 3).amax(1), plain),
    "amin": (lambda x: x.reshape(2, 3).amin(1), plain),
    "max of all": (lambda x: x.max(), plain),
    "maximum": (torch.maximum, [1.0, 2.0, 0.0], [1.0, 1.0, 3.0]),
    "minimum": (torch.minimum, [1.0, 2.0, 0.0], [1.0, 1.0, 3.0]),
    "cumprod": (lambda x: x.reshape(2, 5).cumprod(1), product),
    "cumprod of columns, from the end": (lambda x: x.reshape(5, 2).flip(0).cumprod(0).flip(0), product),
    "cumprod, exclusive": (lambda x: pad(x.reshape(2, 5)[:, :-1].cumprod(1), (1, 0), value=1.0), product),
    "reflect": (lambda x: mirror(x.reshape(2, 3), [(1, 0), (2, 1)], "reflect"), plain),
    "symmetric": (lambda x: mirror(x.reshape(2, 3), [(1, 2), (3, 0)], "symmetric"), plain),
}

golden = {}
for name, (f, *inputs) in cases.items():
    tensors = [torch.tensor(values, dtype=torch.float64, requires_grad=True) for values in inputs]
    y = f(*tensors)
    (y * torch.arange(1, y.numel() + 1).reshape(y.shape)).sum().backward()
    golden[name] = {"inputs": inputs, "gradients": [tensor.grad.tolist() for tensor in tensors]}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
