"""RoIAlign, forward and backward, over sampling ratios, output sizes and regions of every kind. Argument: output."""
import sys

import torch
from torchvision.ops import roi_align

import common

SCALE = 0.25
out = sys.argv[1]
torch.manual_seed(4)


def regions(images, height, width, dtype):
    """Regions inside, across and far outside the image, tiny, huge, empty and inverted."""
    sides = torch.tensor([width, height, width, height], dtype=dtype) / SCALE
    boxes = (torch.rand(24, 4, dtype=dtype) * 2 - 0.5) * sides
    boxes = torch.cat([torch.minimum(boxes[:, :2], boxes[:, 2:]), torch.maximum(boxes[:, :2], boxes[:, 2:])], 1)
    special = torch.tensor([
        [0, 0, 0, 0], [5, 5, 5.01, 5.02], [9, 9, 3, 2], [-500, -500, -300, -300], [1000, 1000, 1200, 1100],
        [-4, -4, 4, 4], [0, 0, width / SCALE, height / SCALE], [-300, -300, 600, 600],
    ], dtype=dtype)
    boxes = torch.cat([boxes, special])
    return torch.cat([torch.randint(0, images, (len(boxes), 1)).to(dtype), boxes], 1)


cases, tensors = 0, {}
for (images, channels, height, width), dtype in [
    ((2, 3, 20, 31), torch.float32), ((1, 5, 7, 5), torch.float32), ((3, 2, 1, 1), torch.float32), ((2, 3, 6, 70), torch.float64),
]:
    features = torch.randn(images, channels, height, width, dtype=dtype)
    rois = regions(images, height, width, dtype)
    for ratio in (-1, 0, 1, 2, 3):
        for aligned in (False, True):
            for size in ((7, 7), (1, 10)):
                leaf = features.clone().requires_grad_()
                pooled = roi_align(leaf, rois, size, SCALE, ratio, aligned)
                upstream = torch.randn_like(pooled)
                pooled.backward(upstream)
                tensors.update({
                    f"{cases}.features": features, f"{cases}.rois": rois, f"{cases}.options": torch.tensor([*size, ratio, int(aligned)]),
                    f"{cases}.pooled": pooled, f"{cases}.upstream": upstream, f"{cases}.grad": leaf.grad,
                })
                cases += 1
common.save(out, tensors)
