"""The named classifiers of torchvision, with weights from a formula: state-dict keys and shapes (lines "NAME KEY [SHAPE]"),
and the logits of an image, except for the largest models.
Arguments: output of the keys, output of the logits, names."""
import sys
from unittest import mock

import torch
import torchvision

import common

keys, out, *names = sys.argv[1:]
# Skips random initialization, which would take minutes for all networks, since the weights are replaced below.
undrawn = {
    name: lambda tensor, *arguments, **options: tensor
    for name in vars(torch.nn.init) if name.endswith("_") and not name.startswith("_")
}
LARGEST = 90_000_000  # larger networks use the blocks of smaller ones, and would take minutes in total
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
