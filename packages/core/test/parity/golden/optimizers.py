"""Five steps of PyTorch's optimizers with given gradients -> optimizers.json (read by test/parity/optimizers.test.ts)."""
import torch
from torch import optim

from common import pack, save

shapes = [(3, 4), (5,)]
start = [torch.randn(s) for s in shapes]
grads = [[torch.randn(s) * (0.3 + k) for s in shapes] for k in range(5)]


class Yogi(optim.Optimizer):
    """The book's yogi (chapter optimization, adam), which PyTorch lacks."""

    def __init__(self, params, lr=0.01, betas=(0.9, 0.999), eps=1e-3):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["t"] += 1
                s["m"][:] = b1 * s["m"] + (1 - b1) * p.grad
                s["v"][:] = s["v"] + (1 - b2) * torch.sign(torch.square(p.grad) - s["v"]) * torch.square(p.grad)
                corrected = s["m"] / (1 - b1 ** s["t"])
                p -= group["lr"] * corrected / (torch.sqrt(s["v"] / (1 - b2 ** s["t"])) + group["eps"])


configs = [
    ("SGD", optim.SGD, {"lr": 0.1}, {}),
    ("SGD", optim.SGD, {"lr": 0.1, "momentum": 0.9}, {}),
    ("SGD", optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}, {}),
    ("SGD", optim.SGD, {"lr": 0.1, "momentum": 0.8, "dampening": 0.3}, {}),
    ("Adam", optim.Adam, {"lr": 0.05}, {}),
    ("Adam", optim.Adam, {"lr": 0.05, "betas": [0.8, 0.98], "eps": 1e-6, "weightDecay": 0.1}, {}),
    ("AdamW", optim.AdamW, {"lr": 0.05}, {}),
    ("AdamW", optim.AdamW, {"lr": 0.05, "weightDecay": 0.2}, {}),
    ("Adagrad", optim.Adagrad, {"lr": 0.1}, {}),
    ("Adagrad", optim.Adagrad, {"lr": 0.1, "lrDecay": 0.1, "weightDecay": 0.05}, {}),
    ("RMSprop", optim.RMSprop, {"lr": 0.02}, {}),
    ("RMSprop", optim.RMSprop, {"lr": 0.02, "alpha": 0.9, "momentum": 0.5, "weightDecay": 0.05}, {}),
    ("Adadelta", optim.Adadelta, {}, {}),
    ("Adadelta", optim.Adadelta, {"lr": 0.7, "rho": 0.8, "weightDecay": 0.05}, {}),
    ("Yogi", Yogi, {"lr": 0.05}, {}),
]
python_names = {"weightDecay": "weight_decay", "lrDecay": "lr_decay"}
cases = []
for name, cls, options, _ in configs:
    params = [p.clone().requires_grad_(True) for p in start]
    optimizer = cls(params, **{python_names.get(k, k): v for k, v in options.items()})
    after = []
    for step in grads:
        for p, g in zip(params, step):
            p.grad = g.clone()
        optimizer.step()
        after.append([pack(p) for p in params])
    cases.append({"optimizer": name, "options": options, "after": after})

clips = []
for limit in (0.5, 3.0, 1000.0):
    params = [p.clone().requires_grad_(True) for p in start]
    for p, g in zip(params, grads[0]):
        p.grad = g.clone()
    norm = torch.nn.utils.clip_grad_norm_(params, limit)
    clips.append({"maxNorm": limit, "norm": float(norm), "grads": [pack(p.grad) for p in params]})

schedules = []
for name, make in {
    "step": lambda o: optim.lr_scheduler.StepLR(o, 3, 0.5),
    "multiStep": lambda o: optim.lr_scheduler.MultiStepLR(o, [2, 5], 0.1),
    "cosine": lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 8, eta_min=0.02),
    "polynomial": lambda o: optim.lr_scheduler.PolynomialLR(o, 8, power=2.0),
    "linear": lambda o: optim.lr_scheduler.LinearLR(o, 1.0, 0.0001, 8),
    "exponential": lambda o: optim.lr_scheduler.ExponentialLR(o, 0.8),
}.items():
    o = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    scheduler = make(o)
    rates = []
    for _ in range(10):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        scheduler.step()
    schedules.append({"name": name, "rates": rates})

metrics = [1.0, 0.9, 0.95, 0.95, 0.9, 0.89995, 0.8, 0.85, 0.85, 0.85, 0.85, 0.85, 0.7]
o = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
scheduler = optim.lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=1, min_lr=0.03)
rates = []
for metric in metrics:
    scheduler.step(metric)
    rates.append(o.param_groups[0]["lr"])

save("optimizers.json", {
    "start": [pack(p) for p in start],
    "grads": [[pack(g) for g in step] for step in grads],
    "cases": cases,
    "clips": clips,
    "schedules": schedules,
    "plateau": {"metrics": metrics, "rates": rates},
})
