"""Values and gradients of PyTorch's losses -> losses.json (read by test/parity/losses.test.ts)."""
import torch
import torch.nn.functional as F

from common import objective, pack, pack_ints, save

cases = []


def record(loss, options, prediction, target, value, weights=None, extra=None):
    objective([value]).backward()
    cases.append({
        "loss": loss,
        "options": options,
        "prediction": pack(prediction),
        "target": pack_ints(target) if target.dtype == torch.int64 else pack(target),
        **({"weights": pack(weights)} if weights is not None else {}),
        "value": pack(value),
        "grad": pack(prediction.grad),
    })


def leaf(*shape):
    return (torch.randn(*shape) * 2).requires_grad_(True)


for reduction in ("none", "mean", "sum"):
    for loss, f, options, kwargs in (
        ("mseLoss", F.mse_loss, {}, {}),
        ("l1Loss", F.l1_loss, {}, {}),
        ("huberLoss", F.huber_loss, {"delta": 0.7}, {"delta": 0.7}),
        ("smoothL1Loss", F.smooth_l1_loss, {"beta": 0.4}, {"beta": 0.4}),
    ):
        p, t = leaf(3, 4), torch.randn(3, 4)
        record(loss, {"reduction": reduction, **options}, p, t, f(p, t, reduction=reduction, **kwargs))
    p, t = leaf(3, 4), torch.rand(3, 4)
    record("bceWithLogits", {"reduction": reduction}, p, t, F.binary_cross_entropy_with_logits(p, t, reduction=reduction))
    p = leaf(3, 4)
    record("bceWithLogits", {"reduction": reduction, "positiveWeight": 2.5}, p, t,
           F.binary_cross_entropy_with_logits(p, t, reduction=reduction, pos_weight=torch.tensor(2.5)))
    for smoothing in (0.0, 0.1):
        p, t = leaf(6, 5), torch.tensor([0, 4, -100, 2, 2, 1])
        record("crossEntropy", {"reduction": reduction, "labelSmoothing": smoothing}, p, t,
               F.cross_entropy(p, t, reduction=reduction, label_smoothing=smoothing))
    p, t = leaf(6, 5), torch.tensor([0, 4, 3, 2, 2, 1])
    record("crossEntropy", {"reduction": reduction, "ignoreIndex": 2}, p, t, F.cross_entropy(p, t, reduction=reduction, ignore_index=2))

# a mask: the mean over what it keeps
mask = torch.tensor([[1.0, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]])
p, t = leaf(3, 4), torch.randint(2, (3, 4)).float()
each = F.binary_cross_entropy_with_logits(p, t, reduction="none")
record("bceWithLogits", {}, p, t, (each * mask).sum() / mask.sum(), mask)
p, t = leaf(3, 4, 5), torch.randint(5, (3, 4))
each = F.cross_entropy(p.reshape(-1, 5), t.reshape(-1), reduction="none").reshape(3, 4)
record("crossEntropy", {}, p, t, (each * mask).sum() / mask.sum(), mask)

save("losses.json", cases)
