"""torchvision's classifiers that are named, with weights made by a formula: state-dict keys and shapes (lines "NAME KEY [SHAPE]"), and the logits of a picture, except for the largest.
Arguments: output of the keys, output of the logits, names."""
import sys
from unittest import mock

import torch
import torchvision

import common

keys, out, *names = sys.argv[1:]
# Drawing random weights for all networks would take minutes, and they are replaced here.
undrawn = {name: lambda tensor, *arguments, **options: tensor for name in vars(torch.nn.init) if name.endswith("_") and not name.startswith("_")}
LARGEST = 90_000_000  # larger networks have the blocks of smaller ones, and would take minutes together
logits = {}
with mock.patch.multiple(torch.nn.init, **undrawn), open(keys, "w") as file, torch.no_grad():
    image = torch.cos(torch.arange(3 * 64 * 96, dtype=torch.float64).square() * 0.001).reshape(1, 3, 64, 96)
    for name in names:
        if hasattr(torchvision.models, name):
            model = getattr(torchvision.models, name)().eval()
            state = model.state_dict()
            for key, value in state.items():
                file.write(f"{name} {key} {list(value.shape)}\n")
            if sum(value.numel() for value in state.values()) > LARGEST:
                continue
            common.fill(model.double())
            logits[name] = model(image)
common.save(out, logits)
