"""data_color.py IN WIDTH HEIGHT OUT OP=FACTOR...: changes the colors of a raw RGB image with torchvision and writes each result, raw,
to OUT/OP=FACTOR."""
import sys

import torch
from torchvision.transforms import functional as F

path, width, height, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with open(path, "rb") as file:
    image = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(height, width, 3).permute(2, 0, 1)
operations = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast, "saturation": F.adjust_saturation, "hue": F.adjust_hue}
for case in sys.argv[5:]:
    name, factor = case.split("=")
    changed = operations[name](image, float(factor))
    with open(f"{out}/{case}", "wb") as file:
        file.write(changed.permute(1, 2, 0).contiguous().numpy().tobytes())
