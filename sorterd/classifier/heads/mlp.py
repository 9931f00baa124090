"""A perceptron with two hidden layers, trained in mini-batches of 32 with class weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from sorterd.classifier.arrays import Floats, Ints

# Small: with a few hundred rows width buys nothing, and every candidate is fitted once per fold and half.
HIDDEN = (64, 32)
BATCH = 32
DROPOUT = 0.2
RATE = 3e-3
DECAY = 1e-2
# Rows seen in all: 60 passes over a small library, 2 over a large one. Fixed beforehand: stopping early on the fold
# that is scored would make the perceptron look better than it is.
ROWS_SEEN = 6_000


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Weights [in, out] and offsets of the three layers; `known` [categories] is 0 for those never seen."""

    weights1: Floats
    offsets1: Floats
    weights2: Floats
    offsets2: Floats
    weights3: Floats
    offsets3: Floats
    known: Floats

    def scores(self, rows: Floats) -> Floats:
        """Logits, centred over the categories."""
        hidden = np.maximum(rows @ self.weights1 + self.offsets1, 0.0)
        hidden = np.maximum(hidden @ self.weights2 + self.offsets2, 0.0)
        logits = hidden @ self.weights3 + self.offsets3
        mean = (logits * self.known).sum(axis=1, keepdims=True) / max(1.0, float(self.known.sum()))
        return np.asarray((logits - mean) * self.known)


def fit_mlp(rows: Floats, categories: Ints, count: int, centre: Floats) -> Perceptron:  # noqa: ARG001
    """Train for a fixed number of passes; the random state of the process is left as it was."""
    size = np.bincount(categories, minlength=count)
    class_weight = torch.tensor(len(categories) / (np.maximum(size, 1) * max(1, (size > 0).sum())), dtype=torch.float32)
    inputs = torch.tensor(rows, dtype=torch.float32)
    targets = torch.tensor(categories)
    passes = int(np.clip(ROWS_SEEN // max(1, len(rows)), 2, 60))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        first, second, last = nn.Linear(rows.shape[1], HIDDEN[0]), nn.Linear(*HIDDEN), nn.Linear(HIDDEN[1], count)
        drop = nn.Dropout(DROPOUT)
        network = nn.Sequential(first, nn.ReLU(), drop, second, nn.ReLU(), drop, last)
        descent = _Descent(list(network.parameters()))
        loss = nn.CrossEntropyLoss(weight=class_weight)
        for _ in range(passes):
            for batch in torch.split(torch.randperm(len(rows)), BATCH):
                descent.step(loss(network(inputs[batch]), targets[batch]))
    return Perceptron(
        weights1=_array(first.weight.T),
        offsets1=_array(first.bias),
        weights2=_array(second.weight.T),
        offsets2=_array(second.bias),
        weights3=_array(last.weight.T),
        offsets3=_array(last.bias),
        known=(size > 0).astype(np.float64),
    )


class _Descent:
    """Adam (arXiv:1412.6980) with decoupled weight decay, as in `torch.optim.AdamW`, which on its first use imports 900
    modules of torch's compiler: two seconds, and memory that stays taken."""

    def __init__(self, parameters: list[nn.Parameter]) -> None:
        self.parameters = parameters
        self.means = [torch.zeros_like(p) for p in parameters]
        self.squares = [torch.zeros_like(p) for p in parameters]
        self.steps = 0

    def step(self, loss: torch.Tensor) -> None:
        """Move the parameters against the gradient of `loss`."""
        self.steps += 1
        rate = RATE / (1 - 0.9**self.steps)
        unbias = (1 - 0.999**self.steps) ** 0.5
        gradients = torch.autograd.grad(loss, self.parameters)
        with torch.no_grad():
            for p, mean, square, g in zip(self.parameters, self.means, self.squares, gradients, strict=True):
                mean.lerp_(g, 0.1)
                square.mul_(0.999).addcmul_(g, g, value=0.001)
                p.mul_(1 - RATE * DECAY).addcdiv_(mean, square.sqrt().div_(unbias).add_(1e-8), value=-rate)


def _array(tensor: torch.Tensor) -> Floats:
    return np.ascontiguousarray(tensor.detach().numpy(), dtype=np.float64)
