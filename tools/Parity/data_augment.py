"""data_augment.py IN WIDTH HEIGHT OUT OP=STRENGTH...: changes a raw RGB image as torchvision's RandAugment does and writes each result,
raw, to OUT/OP=STRENGTH."""
import json
import sys

import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms.autoaugment import RandAugment, _apply_op

path, width, height, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with open(path, "rb") as file:
    image = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(height, width, 3).permute(2, 0, 1)
for case in sys.argv[5:]:
    name, strength = case.split("=")
    changed = _apply_op(image, name, float(strength), InterpolationMode.NEAREST, None)
    with open(f"{out}/{case}", "wb") as file:
        file.write(changed.permute(1, 2, 0).contiguous().numpy().tobytes())

# The value of a magnitude of 0 to 30 for each operation.
space = RandAugment()._augmentation_space(31, (height, width))
print(json.dumps({
    name: [float(value) for value in values] if values.ndim else [float(values)] * 31 for name, (values, _) in space.items()
}))
