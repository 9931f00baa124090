"""EfficientNet-Lite0 without its classifier: a picture -> 1,280 numbers.

As in timm (`tf_efficientnet_lite0`), and a test compares the two, but built directly from the weights, with each
normalisation folded into the convolution before it. Importing timm would take 1.5 s and 100 MB. Tan and Le 2019,
arXiv:1905.11946; "lite": no squeeze and excite, ReLU6 throughout.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

WIDTH = 1280
HALVING = {1, 3, 5, 11}
"""The blocks that halve the width and height of a picture."""

EPSILON = 1e-3


class Fold(nn.Module):
    """A convolution, the normalisation after it, and ReLU6 or nothing. Padded as TensorFlow does: more at the end."""

    def __init__(self, weight: Tensor, norm: tuple[Tensor, ...], stride: int, *, bounded: bool) -> None:
        super().__init__()
        scale, shift, mean, variance = norm
        scale = scale / torch.sqrt(variance + EPSILON)
        self.weight = nn.Parameter(weight * scale[:, None, None, None], requires_grad=False)
        self.bias = nn.Parameter(shift - mean * scale, requires_grad=False)
        self.stride, self.bounded = stride, bounded
        self.groups = weight.shape[0] if weight.shape[1] == 1 else 1
        self.kernel = weight.shape[-1]

    def forward(self, x: Tensor) -> Tensor:
        """Return the next layer's [n, channels, height, width]."""
        padding = self.kernel // 2
        if self.stride == 2:
            total = [max(0, (-(-side // 2) - 1) * 2 + self.kernel - side) for side in x.shape[:1:-1]]
            x = nn.functional.pad(x, [pad for side in total for pad in (side // 2, side - side // 2)])
            padding = 0
        x = nn.functional.conv2d(x, self.weight, self.bias, self.stride, padding, groups=self.groups)
        return x.clamp_(0, 6) if self.bounded else x


class EfficientNetLite0(nn.Module):
    """The network with the weights of `efficientnet-lite0-*.pth` (the names of EfficientNet-PyTorch)."""

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        """Build the network from its weights. Raise KeyError if one is missing."""
        super().__init__()

        def fold(conv: str, norm: str, stride: int = 1, *, bounded: bool = True) -> Fold:
            kinds = ("weight", "bias", "running_mean", "running_var")
            parts = tuple(state[f"{norm}.{kind}"] for kind in kinds)
            return Fold(state[f"{conv}.weight"], parts, stride, bounded=bounded)

        def block(number: int) -> nn.Sequential:
            name = f"_blocks.{number}"
            wider = [fold(f"{name}._expand_conv", f"{name}._bn0")] if f"{name}._bn0.weight" in state else []
            depthwise = fold(f"{name}._depthwise_conv", f"{name}._bn1", 2 if number in HALVING else 1)
            return nn.Sequential(*wider, depthwise, fold(f"{name}._project_conv", f"{name}._bn2", bounded=False))

        count = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("_blocks."))
        self.stem = fold("_conv_stem", "_bn0", 2)
        self.blocks = nn.ModuleList(block(number) for number in range(count))
        self.head = fold("_conv_head", "_bn1")

    def forward(self, x: Tensor) -> Tensor:
        """Return [n, 1280] for normalised pictures [n, 3, height, width]."""
        x = self.stem(x)
        for block in self.blocks:
            y = block(x)
            x = x + y if x.shape == y.shape else y
        out: Tensor = self.head(x).mean((2, 3))
        return out
