"""torchvision's classifiers that are named, with weights made by a formula: state-dict keys and shapes (lines "NAME KEY [SHAPE]"), and the logits of a picture.
Arguments: output of the keys, output of the logits, names."""
import math
import sys

import torch
import torchvision

import common

keys, out, *names = sys.argv[1:]
# Drawing random weights for all networks would take minutes, and they are replaced here.
for name in list(vars(torch.nn.init)):
    if name.endswith("_") and not name.startswith("_"):
        setattr(torch.nn.init, name, lambda tensor, *arguments, **options: tensor)

logits = {}
with open(keys, "w") as file, torch.no_grad():
    image = torch.cos(torch.arange(3 * 64 * 96, dtype=torch.float32).square() * 0.001).reshape(1, 3, 64, 96)
    for name in names:
        if hasattr(torchvision.models, name):
            model = getattr(torchvision.models, name)().eval()
            for key, value in model.state_dict().items():
                file.write(f"{name} {key} {list(value.shape)}\n")
                if value.dim() > 1 and value.is_floating_point() and not key.endswith("layer_scale"):
                    index = torch.arange(value.numel()) % 65537
                    noise = (index * index % 65537).to(torch.float32) / 65537 - 0.5
                    value.copy_((noise * math.sqrt(24 * value.shape[0] / value.numel())).reshape(value.shape))
            common.move_norms_off_identity(model)
            logits[name] = model(image)
common.save(out, logits)
