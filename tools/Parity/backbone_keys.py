"""State-dict keys and shapes of torchvision's classifiers that are named. Arguments: output (lines "NAME KEY [SHAPE]"), names."""
import sys

import torch
import torchvision

import common

out, *names = sys.argv[1:]
# Keys and shapes need no random weights, and drawing those of all networks takes minutes.
for name in list(vars(torch.nn.init)):
    if name.endswith("_") and not name.startswith("_"):
        setattr(torch.nn.init, name, lambda tensor, *arguments, **options: tensor)

with open(out, "w") as file:
    for name in names:
        if hasattr(torchvision.models, name):
            for key, value in getattr(torchvision.models, name)().state_dict().items():
                file.write(f"{name} {key} {list(value.shape)}\n")
