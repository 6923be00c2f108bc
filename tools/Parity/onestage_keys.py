"""The state dicts of torchvision's one-stage detectors. Arguments: output, then names.
Writes a file with the shape of each key as a tensor, named NAME:KEY."""
import sys

import torch
from torchvision.models import detection

import common

out, *names = sys.argv[1:]
result = {}
for name in names:
    model = getattr(detection, name)(weights=None, weights_backbone=None, num_classes=6)
    result.update({f"{name}:{key}": torch.tensor(value.shape, dtype=torch.int64) for key, value in model.state_dict().items()})
common.save(out, result)
