"""
A feature pyramid initialized from a seed, its levels and gradients; and the keys of a ResNet-50 with a pyramid.
Arguments: output, file of keys, extra levels ("pool", "c5", "p5" or "none"), norm ("batch" or "none").
"""
import sys
from collections import OrderedDict

import torch
import torchvision
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool, LastLevelP6P7

import common

out, keys, extra, norm = sys.argv[1:]
torch.manual_seed(9)
blocks = {"pool": LastLevelMaxPool, "c5": lambda: LastLevelP6P7(32, 24), "p5": lambda: LastLevelP6P7(24, 24), "none": lambda: None}[extra]()
fpn = torchvision.ops.FeaturePyramidNetwork([8, 16, 32], 24, blocks, torch.nn.BatchNorm2d if norm == "batch" else None)
random = torch.rand(4)
stages = [torch.randn(2, 8, 25, 37), torch.randn(2, 16, 13, 19), torch.randn(2, 32, 7, 10)]
levels = fpn(OrderedDict((str(i), stage) for i, stage in enumerate(stages)))
sum((level * torch.linspace(-1, 1, level.numel()).view_as(level)).sum() for level in levels.values()).backward()

common.save(out, {
    "random": random,
    **{f"stage{i}": stage for i, stage in enumerate(stages)},
    **{f"level{i}": level for i, level in enumerate(levels.values())},
    **{f"weight.{name}": value for name, value in fpn.named_parameters()},
    **{f"grad.{name}": value.grad for name, value in fpn.named_parameters()},
})

backbone = resnet_fpn_backbone(backbone_name="resnet50", weights=None, norm_layer=torch.nn.BatchNorm2d)
with open(keys, "w") as file:
    file.writelines(f"{name} {list(value.shape)}\n" for name, value in backbone.state_dict().items())
