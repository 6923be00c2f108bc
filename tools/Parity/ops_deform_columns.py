"""The individual samples of torchvision's deformable convolution and their gradients: the weights select each one. Argument: output."""
import sys

import torch
from torchvision.ops import deform_conv2d

import common

(out,) = sys.argv[1:]
torch.manual_seed(6)
result, number = {}, 0
# Images, channels, offset groups, kernel, stride, padding, dilation, with mask
cases = [
    (2, 6, 1, (3, 3), 1, 1, 1, True), (1, 4, 2, (3, 2), 2, 1, 3, True), (1, 36, 3, (3, 3), 1, 2, 2, False),
    (2, 2, 1, (1, 1), 1, 0, 1, True), (1, 6, 3, (5, 4), 3, 2, 1, False),
]
for dtype in (torch.float64, torch.float32):
    for images, channels, groups, kernel, stride, padding, dilation, masked in cases:
        x = torch.randn(images, channels, 13, 9, dtype=dtype, requires_grad=True)
        places = kernel[0] * kernel[1]
        height, width = ((size + 2 * padding - dilation * (k - 1) - 1) // stride + 1 for size, k in zip((13, 9), kernel))
        # Large enough that samples leave the image on every side; some fall on whole pixels
        offset = torch.randn(images, 2 * groups * places, height, width, dtype=dtype) * 3
        offset = torch.where(torch.rand_like(offset) < 0.3, offset.round(), offset).requires_grad_()
        mask = torch.rand(images, groups * places, height, width, dtype=dtype, requires_grad=True) if masked else None
        weight = torch.eye(channels * places, dtype=dtype).reshape(channels * places, channels, *kernel)
        columns = deform_conv2d(x, offset, weight, None, stride, padding, dilation, mask)
        upstream = torch.randn_like(columns)
        columns.backward(upstream)
        entry = {"input": x, "offset": offset} | ({"mask": mask} if masked else {})
        result.update({f"{number}.{name}": value for name, value in entry.items()})
        result.update({f"{number}.grad.{name}": value.grad for name, value in entry.items()})
        result.update({f"{number}.columns": columns.flatten(2), f"{number}.upstream": upstream.flatten(2)})
        result[f"{number}.options"] = torch.tensor([*kernel, stride, padding, dilation])
        number += 1
common.save(out, result)
