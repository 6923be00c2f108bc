"""
Heads that torchvision lacks, from their papers and the definitions of segmentation_models_pytorch: logits in evaluation mode.
Arguments: weights of the head (safetensors, with features as feature.0, …), output, the head's name.
"""
import sys

import torch
import torch.nn.functional as F

import common

given, out, name = sys.argv[1:]
w = common.load_safetensors(given)
features = [w[f"feature.{i}"] for i in range(sum(key.startswith("feature.") for key in w))]


def conv(x, key, padding=0, dilation=1, groups=1):
    return F.conv2d(x, w[key + ".weight"], w.get(key + ".bias"), padding=padding, dilation=dilation, groups=groups)


def norm(x, key):
    if key + ".running_mean" in w:
        return F.batch_norm(x, w[key + ".running_mean"], w[key + ".running_var"], w[key + ".weight"], w[key + ".bias"])
    return F.group_norm(x, 32, w[key + ".weight"], w[key + ".bias"])


def block(x, key, dilation=1):
    """Convolution, norm, ReLU; a depthwise and a pointwise convolution if the keys indicate it."""
    if key + ".0.0.weight" in w:
        x = conv(conv(x, key + ".0.0", dilation, dilation, x.shape[1]), key + ".0.1")
    else:
        x = conv(x, key + ".0", dilation * (w[key + ".0.weight"].shape[2] // 2), dilation)
    return F.relu(norm(x, key + ".1"))


def to(x, size):
    return F.interpolate(x, size=size.shape[2:], mode="bilinear", align_corners=False)


def context(x, key, bins):
    return to(F.relu(norm(conv(F.adaptive_avg_pool2d(x, bins), key + ".1"), key + ".2")), x)


def aspp(x, key, rates):
    parts = [
        block(x, key + ".convs.0"),
        *(block(x, f"{key}.convs.{i + 1}", rate) for i, rate in enumerate(rates)),
        context(x, key + ".convs.4", 1),
    ]
    return block(torch.cat(parts, 1), key + ".project")


def pooling(x, key):
    return block(torch.cat([x] + [context(x, f"{key}.contexts.{i}", bins) for i, bins in enumerate([1, 2, 3, 6])], 1), key + ".fuse")


def up(coarse, fine, key, size):
    x = torch.cat([F.interpolate(coarse, size=size, mode="nearest")] + fine, 1)
    return block(block(x, key + ".conv1"), key + ".conv2")


def fcn():
    x = conv(block(features[-1], "conv"), "score")
    for i, skip in enumerate(reversed(features[:-1])):
        x = F.conv_transpose2d(x, w[f"upsamples.{i}.weight"], stride=2, padding=1)
        x = x[:, :, : skip.shape[2], : skip.shape[3]] + conv(skip, f"skips.{i}")
    return x


def deeplabv1():
    return conv(block(block(features[-1], "0", 12), "2"), "4")


def deeplabv2():
    return sum(conv(features[-1], f"branches.{i}", rate, rate) for i, rate in enumerate([6, 12, 18, 24]))


def deeplabv3plus():
    x, fine = block(aspp(features[-1], "aspp", [6, 12, 18]), "refine"), block(features[0], "fine")
    return conv(block(torch.cat([to(x, fine), fine], 1), "fuse"), "classifier")


def unet():
    x = features[-1]
    for i, skip in enumerate(reversed(features[:-1])):
        x = up(x, [skip], f"blocks.{i}", skip.shape[2:])
    i = len(features) - 1
    x = up(x, [], f"blocks.{i}", [2 * side for side in x.shape[2:]])
    return conv(x, "classifier", 1)


def unetplusplus():
    node = {(level, 0): feature for level, feature in enumerate(features)}
    for column in range(1, len(features)):
        for level in range(len(features) - column):
            before = [node[level, j] for j in range(column)]
            node[level, column] = up(node[level + 1, column - 1], before, f"nodes.{level}_{column}", before[0].shape[2:])
    return conv(node[0, len(features) - 1], f"classifiers.{len(features) - 2}")


def pspnet():
    return conv(pooling(features[-1], "0"), "2")


def upernet():
    merged = pooling(features[-1], "pooling")
    levels = [merged]
    for i in reversed(range(len(features) - 1)):
        lateral = block(features[i], f"laterals.{i}")
        merged = lateral + to(merged, lateral)
        levels.insert(0, block(merged, f"outputs.{i}"))
    return conv(block(torch.cat([to(level, levels[0]) for level in levels], 1), "fuse"), "classifier")


def semanticfpn():
    merged, levels = None, []
    for i in reversed(range(len(features))):
        inner = conv(features[i], f"fpn.inner_blocks.{i}.0")
        merged = inner if merged is None else inner + F.interpolate(merged, size=inner.shape[2:])
        levels.insert(0, conv(merged, f"fpn.layer_blocks.{i}.0", 1))
    total = 0
    for i, x in enumerate(levels):
        for j in range(max(1, i)):
            x = block(x, f"ways.{i}.{j}")
            if i > 0:
                x = to(x, levels[i - 1 - j])
        total = total + x
    return conv(total, "classifier")


common.save(out, {"logits": globals()[name.rstrip("_").replace("fcn8s", "fcn").replace("fcn16s", "fcn").replace("fcn32s", "fcn")]()})
