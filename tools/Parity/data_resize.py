"""data_resize.py IN WIDTH HEIGHT OUT CASE...: resizes a raw RGB image with Pillow as torchvision does and writes each result, raw,
to OUT/CASE.

A case is FILTER=WxH for plain resizing, or FILTER=resize:crop for torchvision's preprocessing of classifiers."""
import sys

from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

path, width, height, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with open(path, "rb") as file:
    image = Image.frombytes("RGB", (width, height), file.read())
for case in sys.argv[5:]:
    name, size = case.split("=")
    interpolation = InterpolationMode(name)
    if "x" in size:
        w, h = map(int, size.split("x"))
        changed = F.resize(image, [h, w], interpolation)
    else:
        resize, crop = map(int, size.split(":"))
        changed = F.center_crop(F.resize(image, [resize], interpolation), [crop])
    with open(f"{out}/{case}", "wb") as file:
        file.write(changed.tobytes())
