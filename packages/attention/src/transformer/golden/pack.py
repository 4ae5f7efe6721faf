"""How the golden files of this folder hold tensors: seven digits, row by row."""


def flat(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def pack(tensors):
    return {name: dict(shape=list(x.shape), values=flat(x)) for name, x in tensors.items()}
