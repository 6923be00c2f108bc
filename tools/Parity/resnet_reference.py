"""Residual networks that torchvision lacks, implemented from their papers with PyTorch operators and the published key names: state
dict with random statistics, input, stages and logits. Arguments: weights, output, name."""
import re
import sys

import torch
from torch import nn
from torch.nn import functional as F

import common

weights, out, name = sys.argv[1:]
DEPTHS = {"18": (2, 2, 2, 2), "34": (3, 4, 6, 3), "50": (3, 4, 6, 3)}


def conv(inputs, outputs, size, stride=1, groups=1):
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)


class Excitation(nn.Module):
    """arXiv:1709.01507; a sixteenth of the channels in multiples of 8, at least 8."""

    def __init__(self, channels):
        super().__init__()
        squeezed = max(8, round(channels / 16 / 8) * 8)
        self.fc1, self.fc2 = nn.Conv2d(channels, squeezed, 1), nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class OptionA(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.extra = (outputs - inputs) // 2

    def forward(self, x):
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.extra, self.extra))


class Block(nn.Module):
    def __init__(self, inputs, width, stride, kind, shortcut, se=False, groups=1, base=64):
        super().__init__()
        self.kind = kind
        inner = width if kind == "basic" else width * base // 64 * groups
        outputs = width if kind == "basic" else width * 4
        if kind == "basic":
            self.conv1, self.bn1 = conv(inputs, inner, 3, stride), nn.BatchNorm2d(inner)
            self.conv2, self.bn2 = conv(inner, inner, 3), nn.BatchNorm2d(inner)
        elif kind == "bottleneck":
            self.conv1, self.bn1 = conv(inputs, inner, 1), nn.BatchNorm2d(inner)
            self.conv2, self.bn2 = conv(inner, inner, 3, stride, groups), nn.BatchNorm2d(inner)
            self.conv3, self.bn3 = conv(inner, outputs, 1), nn.BatchNorm2d(outputs)
        else:  # arXiv:1904.01169 with four slices
            self.stride = stride
            self.conv1, self.bn1 = conv(inputs, inner * 4, 1), nn.BatchNorm2d(inner * 4)
            self.convs = nn.ModuleList(conv(inner, inner, 3, stride) for _ in range(3))
            self.bns = nn.ModuleList(nn.BatchNorm2d(inner) for _ in range(3))
            self.conv3, self.bn3 = conv(inner * 4, outputs, 1), nn.BatchNorm2d(outputs)
        if se:
            self.se = Excitation(outputs)
        if shortcut is not None:
            self.downsample = shortcut

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        if self.kind == "basic":
            y = self.bn2(self.conv2(y))
        elif self.kind == "bottleneck":
            y = self.bn3(self.conv3(torch.relu(self.bn2(self.conv2(y)))))
        else:
            first = hasattr(self, "downsample")
            parts, done = y.chunk(4, 1), []
            for i in range(3):
                part = parts[i] if i == 0 or first else parts[i] + done[-1]
                done.append(torch.relu(self.bns[i](self.convs[i](part))))
            done.append(F.avg_pool2d(parts[3], 3, self.stride, 1) if first else parts[3])
            y = self.bn3(self.conv3(torch.cat(done, 1)))
        if hasattr(self, "se"):
            y = self.se(y)
        return torch.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class PreBlock(nn.Module):
    """arXiv:1603.05027, figure 4(e)."""

    def __init__(self, inputs, width, stride, kind, first):
        super().__init__()
        outputs = width if kind == "basic" else width * 4
        if not first:
            self.bn1 = nn.BatchNorm2d(inputs)
        if kind == "basic":
            self.conv1, self.bn2, self.conv2 = conv(inputs, width, 3, stride), nn.BatchNorm2d(width), conv(width, width, 3)
        else:
            self.conv1, self.bn2, self.conv2 = conv(inputs, width, 1), nn.BatchNorm2d(width), conv(width, width, 3, stride)
            self.bn3, self.conv3 = nn.BatchNorm2d(width), conv(width, outputs, 1)
        if stride > 1 or inputs != outputs:
            self.downsample = conv(inputs, outputs, 1, stride)

    def forward(self, x):
        active = torch.relu(self.bn1(x)) if hasattr(self, "bn1") else x
        y = self.conv2(torch.relu(self.bn2(self.conv1(active))))
        if hasattr(self, "conv3"):
            y = self.conv3(torch.relu(self.bn3(y)))
        return y + (self.downsample(active) if hasattr(self, "downsample") else x)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        cifar, self.pre = name.endswith("_cifar"), name.startswith("preact_")
        layers = re.search(r"(\d+)(d|_|$)", name.replace("res2net", "net")).group(1)
        kind = (
            "res2net" if name.startswith("res2net")
            else "basic" if layers in ("18", "34") or (cifar and layers != "164")
            else "bottleneck")
        depths = ((int(layers) - 2) // (9 if kind == "bottleneck" else 6),) * 3 if cifar else DEPTHS[layers]
        groups, base = (32, 4) if "32x4d" in name else (1, 26 if kind == "res2net" else 64)
        deep, se = name.endswith("d") and "32x4d" not in name, name.startswith("se")
        channels = 16 if cifar else 64
        if cifar:
            self.conv1 = conv(3, channels, 3)
        elif deep:
            self.conv1 = nn.Sequential(
                conv(3, 32, 3, 2), nn.BatchNorm2d(32), nn.ReLU(),
                conv(32, 32, 3), nn.BatchNorm2d(32), nn.ReLU(),
                conv(32, 64, 3))
        else:
            self.conv1 = conv(3, channels, 7, 2)
        self.bn1, self.pool, self.count = nn.BatchNorm2d(channels), not cifar, len(depths)
        for i, depth in enumerate(depths):
            width, blocks = (16 if cifar else 64) << i, []
            outputs = width if kind == "basic" else width * 4
            for j in range(depth):
                stride = 2 if i > 0 and j == 0 else 1
                if self.pre:
                    blocks.append(PreBlock(channels, width, stride, kind, first=i == 0 and j == 0))
                else:
                    shortcut = None
                    if stride > 1 or channels != outputs:
                        pool = nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False) if stride > 1 else nn.Identity()
                        shortcut = OptionA(channels, outputs) if cifar else \
                            nn.Sequential(pool, conv(channels, outputs, 1), nn.BatchNorm2d(outputs)) if deep else \
                            nn.Sequential(conv(channels, outputs, 1, stride), nn.BatchNorm2d(outputs))
                    blocks.append(Block(channels, width, stride, kind, shortcut, se, groups, base))
                channels = outputs
            setattr(self, f"layer{i + 1}", nn.Sequential(*blocks))
        if self.pre:
            self.norm = nn.BatchNorm2d(channels)
        self.head = "linear" if cifar and not self.pre else "fc"
        setattr(self, self.head, nn.Linear(channels, 7))

    def forward(self, x):
        stages = [torch.relu(self.bn1(self.conv1(x)))]
        x = F.max_pool2d(stages[0], 3, 2, 1) if self.pool else stages[0]
        for i in range(self.count):
            x = getattr(self, f"layer{i + 1}")(x)
            if self.pre and i == self.count - 1:
                x = torch.relu(self.norm(x))
            stages.append(x)
        return stages, getattr(self, self.head)(x.mean((2, 3)))


torch.manual_seed(11)
model = Network()
state = model.state_dict()
for key, value in state.items():
    if key.endswith("running_mean"):
        value.normal_(0, 0.1)
        state[key.replace("running_mean", "running_var")].uniform_(0.7, 1.3)
torch.save(state, weights)
x = torch.randn(2, 3, *((20, 28) if name.endswith("_cifar") else (70, 90)))
model.eval()
with torch.no_grad():
    stages, logits = model(x)
common.save(out, {"input": x, "logits": logits, **{f"stage{i}": stage for i, stage in enumerate(stages)}})
