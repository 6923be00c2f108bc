"""The published facts of torchvision's classifiers: parameters, weights, accuracies and preprocessing, as JSON by model name.
Arguments: output."""
import inspect
import json
import sys

import torchvision
from torchvision.models._api import WeightsEnum

out, = sys.argv[1:]
facts = {}
for name, builder in vars(torchvision.models).items():
    if name.startswith("_") or not inspect.isfunction(builder) or "weights" not in inspect.signature(builder).parameters:
        continue
    enum = inspect.signature(builder).parameters["weights"].annotation.__args__[0]
    if not (inspect.isclass(enum) and issubclass(enum, WeightsEnum)):
        continue
    rows = []
    for weights in enum:
        transforms = weights.transforms()
        metrics = weights.meta["_metrics"]["ImageNet-1K"]
        rows.append({
            "name": weights.name, "url": weights.url, "parameters": weights.meta["num_params"],
            "top1": metrics["acc@1"], "top5": metrics["acc@5"],
            "resize": transforms.resize_size[0], "crop": transforms.crop_size[0], "interpolation": transforms.interpolation.value,
            "mean": transforms.mean, "std": transforms.std,
        })
    facts[name] = rows
with open(out, "w") as file:
    json.dump(facts, file)
