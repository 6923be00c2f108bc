"""A ResNet initialized from a seed: its features, its logits, and the next random numbers. Arguments: output, name."""
import sys

import torch
import torchvision

import common

out, name = sys.argv[1:]
torch.manual_seed(7)
model = getattr(torchvision.models, name)()
random = torch.rand(4)
x = torch.randn(2, 3, 64, 96)

model.eval()
with torch.no_grad():
    stages = [model.relu(model.bn1(model.conv1(x)))]
    stages.append(model.layer1(model.maxpool(stages[0])))
    for layer in (model.layer2, model.layer3, model.layer4):
        stages.append(layer(stages[-1]))
    logits = model(x)

common.save(out, {"input": x, "random": random, "logits": logits, **{f"stage{i}": stage for i, stage in enumerate(stages)}})
