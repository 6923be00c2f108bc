"""
A one-stage detector on photographs: its weights, detections, and in double precision losses and gradients.
Arguments: weights, output, kind (retinanet, retinanet_published, retinanet_v2, fcos, ssd, ssdlite), then photographs.
"""
import sys
from functools import partial

import cv2
import torch
from torch import nn
from torchvision.models import resnet, vgg
from torchvision.models.detection import FCOS, RetinaNet, ssd, ssdlite320_mobilenet_v3_large
from torchvision.models.detection._utils import overwrite_eps
from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
from torchvision.models.detection.retinanet import RetinaNetHead
from torchvision.ops import FrozenBatchNorm2d
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

import common

weights, out, kind, *photographs = sys.argv[1:]
# Contiguous, as the toolkit reads images: resizing rounds differently in other memory layouts.
images = [torch.from_numpy(cv2.imread(path)[:, :, ::-1].copy()).permute(2, 0, 1).contiguous().float() / 255 for path in photographs]
CLASSES = 6


def pyramid(name, norm_layer=nn.BatchNorm2d, trainable=5, p6_channels=256):
    body = getattr(resnet, name)(norm_layer=norm_layer)
    return _resnet_fpn_extractor(body, trainable, returned_layers=[2, 3, 4], extra_blocks=LastLevelP6P7(p6_channels, 256))


def build(norm_layer=nn.BatchNorm2d, trainable=5):
    sizes = dict(min_size=160, max_size=256)
    if kind == "retinanet":
        return RetinaNet(pyramid("resnet18"), CLASSES, **sizes)
    if kind == "retinanet_published":
        return RetinaNet(pyramid("resnet50", norm_layer, trainable), CLASSES, **sizes)
    if kind == "retinanet_v2":
        head = RetinaNetHead(256, 9, CLASSES, norm_layer=partial(nn.GroupNorm, 32))
        head.regression_head._loss_type = "giou"
        return RetinaNet(pyramid("resnet18", p6_channels=512), CLASSES, head=head, **sizes)
    if kind == "fcos":
        return FCOS(pyramid("resnet18"), CLASSES, **sizes)
    if kind == "ssd":
        boxes = ssd.DefaultBoxGenerator(
            [[2], [2, 3], [2, 3], [2, 3], [2], [2]], scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05], steps=[8, 16, 32, 64, 100, 300])
        return ssd.SSD(
            ssd._vgg_extractor(vgg.vgg11(), False, 5), boxes, (300, 300), CLASSES,
            image_mean=[0.48235, 0.45882, 0.40784], image_std=[1 / 255.0] * 3)
    return ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=CLASSES)


def spread(layer, deviation):
    """
    Scales and centers a layer's outputs on its first run: the outputs of a randomly initialized network are nearly the same at every
    position, so that rounding matters.
    """
    def adjust(layer, inputs, outputs):
        handle.remove()
        channels = outputs.transpose(0, 1).flatten(1)
        if channels.shape[1] == 1:
            return None
        mean, factor = channels.mean(1), deviation / channels.std(1).clamp(min=0.1)
        layer.weight.mul_(factor.view(-1, *[1] * (layer.weight.dim() - 1)))
        layer.bias.copy_((layer.bias - mean) * factor)
        return (outputs - mean.view(-1, 1, 1)) * factor.view(-1, 1, 1)  # the layer's new output, without running it again
    handle = layer.register_forward_hook(adjust)


torch.manual_seed(1)
model = build()
dense = kind not in ("ssd", "ssdlite")
with torch.no_grad():
    batch, _ = model.eval().transform(images)
    for block in model.modules():
        # Branches that add little to the shortcut, as after training; otherwise rounding errors would grow from block to block.
        if isinstance(block, resnet.Bottleneck):
            block.bn3.weight.fill_(0.2)
        elif isinstance(block, resnet.BasicBlock):
            block.bn2.weight.fill_(0.2)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [module.momentum for module in norms]
    for module in norms:
        module.train().momentum = 1.0
    model.head(list(model.backbone(batch.tensors).values()))
    for module, momentum in zip(norms, momenta):
        module.eval().momentum = momentum
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            regression = "bbox_reg" in name or "regression_head.module_list" in name
            deviation = 0.3 if regression else 2 if "head" in name and "conv" not in name else 1
            spread(layer, deviation)
    model(images)
    if dense:
        bias = model.head.classification_head.cls_logits.bias.view(-1, CLASSES)
        bias -= 5 if kind != "fcos" else 2
        bias[:, 0] = -100  # the background column, which training never raises
    else:
        for layer in model.head.classification_head.module_list:
            layer = layer[1] if kind == "ssdlite" else layer
            layer.bias.view(-1, CLASSES)[:, 0] += 6
    if kind == "fcos":
        model.head.regression_head.bbox_reg.bias.add_(1.5)

state = model.state_dict()
if kind == "retinanet_published":
    model = build(FrozenBatchNorm2d, 3)
    model.load_state_dict(state)
    state = model.state_dict()
    overwrite_eps(model, 0.0)
    old = {f"backbone.fpn.{blocks}_blocks.{i}.0.{part}": f"backbone.fpn.{blocks}_blocks.{i}.{part}"
           for blocks in ("inner", "layer") for i in range(3) for part in ("weight", "bias")}
    old |= {f"head.{head}_head.conv.{i}.0.{part}": f"head.{head}_head.conv.{2 * i}.{part}"
            for head in ("classification", "regression") for i in range(4) for part in ("weight", "bias")}
    torch.save({old.get(key, key): value for key, value in state.items()}, weights)
else:
    torch.save(state, weights)

result = {f"image.{i}": image for i, image in enumerate(images)}
common.watch_input(model.backbone, result)
model.eval()
with torch.no_grad():
    for i, found in enumerate(model(images)):
        result.update({f"detections.{i}.{key}": value for key, value in found.items()})

# The last image has no objects.
targets = []
for i, image in enumerate(images):
    count = 4 if i + 1 < len(images) else 0
    extent = torch.tensor([image.shape[2], image.shape[1]])
    corner = torch.rand(count, 2) * extent * 0.6
    boxes = torch.cat([corner, corner + extent * (0.05 + 0.35 * torch.rand(count, 2))], 1)
    targets.append({"boxes": boxes, "labels": torch.randint(1, CLASSES, (count,))})
    result.update({f"targets.{i}.{key}": value for key, value in targets[-1].items()})

common.in_double(model).train()
for module in model.modules():
    if isinstance(module, nn.Dropout):
        module.eval()
torch.manual_seed(2)
losses = model(images, targets)
sum(losses.values()).backward()
result.update({f"loss.{name}": value for name, value in losses.items()})
result.update({
    f"grad.{name}": value.grad for name, value in model.named_parameters() if value.grad is not None and value.numel() < 100_000
})
result.update({f"after.{name}": value for name, value in model.named_buffers() if name.endswith("running_mean")})
common.save(out, result)
