"""A ResNet-18 with one kind of normalization and statistics that are not the identity: state dict, logits and the input's gradient.
Arguments: weights, output, kind."""
import functools
import sys

import torch
import torchvision

import common

weights, out, kind = sys.argv[1:]
norm = {
    "BatchNorm": torch.nn.BatchNorm2d,
    "FrozenBatchNorm": torchvision.ops.FrozenBatchNorm2d,
    "GroupNorm": functools.partial(torch.nn.GroupNorm, 32),
}[kind]
torch.manual_seed(8)
model = torchvision.models.resnet18(norm_layer=norm, num_classes=5)
state = model.state_dict()
for key, value in state.items():
    if ".bn" in key or key.startswith("bn") or "downsample.1" in key:
        if value.dtype == torch.float32:
            value.uniform_(0.5, 1.5) if key.endswith(("weight", "running_var")) else value.normal_(0, 0.2)
torch.save(state, weights)

x = torch.randn(2, 3, 64, 64, requires_grad=True)
model.eval()
evaluated = model(x)
model.train()
trained = model(x)
trained.square().sum().backward()
common.save(out, {
    "input": x, "evaluated": evaluated, "trained": trained, "input.grad": x.grad,
    "conv1.grad": model.conv1.weight.grad, "fc.grad": model.fc.weight.grad,
})
