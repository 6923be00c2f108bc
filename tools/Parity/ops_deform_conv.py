"""torchvision's deformable convolution on random inputs: outputs and gradients. Arguments: output."""
import sys

import torch
from torchvision.ops import deform_conv2d

import common

(out,) = sys.argv[1:]
torch.manual_seed(5)
result = {}
# Channels, outputs, groups, offset groups, kernel, stride, padding, dilation, with mask
cases = [
    (4, 6, 1, 1, 3, 1, 1, 1, True),
    (4, 6, 2, 2, 3, 2, 1, 1, True),
    (4, 4, 4, 1, 3, 1, 2, 2, False),
    (2, 3, 1, 1, 1, 1, 0, 1, True),
    (6, 6, 1, 3, 5, 2, 2, 1, True),
]
for i, (channels, outputs, groups, offset_groups, kernel, stride, padding, dilation, masked) in enumerate(cases):
    x = torch.randn(2, channels, 13, 9, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(outputs, channels // groups, kernel, kernel, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(outputs, dtype=torch.float64, requires_grad=True)
    height, width = ((size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1 for size in (13, 9))
    # Large enough that samples leave the image on every side
    offset = (torch.randn(2, 2 * offset_groups * kernel**2, height, width, dtype=torch.float64) * 3).requires_grad_()
    mask = torch.rand(2, offset_groups * kernel**2, height, width, dtype=torch.float64, requires_grad=True) if masked else None
    y = deform_conv2d(x, offset, weight, bias, stride, padding, dilation, mask)
    upstream = torch.randn_like(y)
    y.backward(upstream)
    entry = {"input": x, "offset": offset, "weight": weight, "bias": bias} | ({"mask": mask} if masked else {})
    result.update({f"{i}.{name}": value for name, value in entry.items()})
    result.update({f"{i}.grad.{name}": value.grad for name, value in entry.items()})
    result.update({f"{i}.output": y, f"{i}.upstream": upstream, f"{i}.options": torch.tensor([stride, padding, dilation])})
common.save(out, result)
