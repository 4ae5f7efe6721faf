"""One optimization step, as every trained twin takes it."""

import torch


def training_step(model, loss_of, batches, optimizer, clip=1.0):
    parameters = list(model.parameters())
    model.train()

    def step(i):
        optimizer.zero_grad(set_to_none=True)
        loss_of(*batches[i % len(batches)]).backward()
        torch.nn.utils.clip_grad_norm_(parameters, clip)
        optimizer.step()

    return step


def random_padded(rows, steps, shortest, first, vocab, pad):
    """Ids of random lengths with padding after them, and the lengths."""
    lengths = torch.randint(shortest, steps + 1, (rows,))
    ids = torch.randint(first, vocab, (rows, steps))
    return ids.masked_fill(torch.arange(steps) >= lengths[:, None], pad), lengths


def shifted(ids, bos):
    """What the decoder reads while it says `ids`."""
    return torch.cat([torch.full_like(ids[:, :1], bos), ids[:, :-1]], 1)
