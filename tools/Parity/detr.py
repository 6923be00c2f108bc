"""
DETR, written from its paper (arXiv:2005.12872) with PyTorch's attention, on photographs: weights, detections, and in double precision
losses and gradients.
Arguments: weights, output, backbone, "plain" or "dc5", then photographs. With "keys" as the only further argument, the names and shapes
of the published network.
"""
import itertools
import json
import math
import sys

import cv2
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torchvision.models._utils import IntermediateLayerGetter
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.ops import FrozenBatchNorm2d, box_convert, generalized_box_iou

import common


class EncoderLayer(nn.Module):
    def __init__(self, width, heads, hidden, dropout):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads, dropout=dropout)
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.drop = dropout

    def forward(self, x, position, padding):
        def drop(y):
            return F.dropout(y, self.drop, self.training)
        at = x + position
        x = self.norm1(x + drop(self.self_attn(at, at, x, key_padding_mask=padding)[0]))
        return self.norm2(x + drop(self.linear2(drop(F.relu(self.linear1(x))))))


class DecoderLayer(nn.Module):
    def __init__(self, width, heads, hidden, dropout):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads, dropout=dropout)
        self.multihead_attn = nn.MultiheadAttention(width, heads, dropout=dropout)
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.drop = dropout

    def forward(self, x, query, memory, position, padding):
        def drop(y):
            return F.dropout(y, self.drop, self.training)
        x = self.norm1(x + drop(self.self_attn(x + query, x + query, x)[0]))
        x = self.norm2(x + drop(self.multihead_attn(x + query, memory + position, memory, key_padding_mask=padding)[0]))
        return self.norm3(x + drop(self.linear2(drop(F.relu(self.linear1(x))))))


class Stack(nn.Module):
    def __init__(self, layers, norm=None):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        if norm is not None:
            self.norm = norm


class Detr(nn.Module):
    def __init__(self, backbone, dilated, classes, queries, width=256, heads=8, encoder=6, decoder=6, hidden=2048, dropout=0.1):
        super().__init__()
        resnet = getattr(torchvision.models, backbone)(norm_layer=FrozenBatchNorm2d, replace_stride_with_dilation=[False, False, dilated])
        body = nn.Module()
        body.body = IntermediateLayerGetter(resnet, {"layer4": "0"})
        self.backbone = nn.ModuleList([body])
        self.input_proj = nn.Conv2d(resnet.fc.in_features, width, 1)
        self.transformer = nn.Module()
        self.transformer.encoder = Stack(EncoderLayer(width, heads, hidden, dropout) for _ in range(encoder))
        self.transformer.decoder = Stack((DecoderLayer(width, heads, hidden, dropout) for _ in range(decoder)), nn.LayerNorm(width))
        self.query_embed = nn.Embedding(queries, width)
        self.class_embed = nn.Linear(width, classes + 1)
        self.bbox_embed = Stack([nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4)])

    def position(self, valid):
        """The sine encoding, number by number as in the paper's appendix."""
        count, height, width = valid.shape
        half = self.query_embed.embedding_dim // 2
        result = torch.zeros(count, 2 * half, height, width)
        for n in range(count):
            rows, columns = int(valid[n].any(1).sum()), int(valid[n].any(0).sum())
            for axis, (extent, places) in enumerate([(rows, torch.arange(1, height + 1)[:, None].expand(height, width)),
                                                     (columns, torch.arange(1, width + 1)[None].expand(height, width))]):
                scaled = places.clamp(max=extent).double() / (extent + 1e-6) * 2 * math.pi
                for i in range(half // 2):
                    angle = scaled / 10000 ** (2 * i / half)
                    result[n, axis * half + 2 * i] = angle.sin()
                    result[n, axis * half + 2 * i + 1] = angle.cos()
        return result

    def forward(self, pixels, sizes):
        mask = torch.ones(len(sizes), *pixels.shape[2:])
        for n, (height, width) in enumerate(sizes):
            mask[n, :height, :width] = 0
        features = self.input_proj(self.backbone[0].body(pixels)["0"])
        padding = F.interpolate(mask[None], size=features.shape[2:])[0].bool()
        position = self.position(~padding).flatten(2).permute(2, 0, 1)
        x, padding = features.flatten(2).permute(2, 0, 1), padding.flatten(1)
        for layer in self.transformer.encoder.layers:
            x = layer(x, position, padding)
        query = self.query_embed.weight[:, None].expand(-1, len(sizes), -1)
        found, outputs = torch.zeros_like(query), []
        for layer in self.transformer.decoder.layers:
            found = layer(found, query, x, position, padding)
            outputs.append(self.transformer.decoder.norm(found).transpose(0, 1))
        result = []
        for output in outputs:
            box = output
            for i, layer in enumerate(self.bbox_embed.layers):
                box = layer(box) if i == 2 else F.relu(layer(box))
            result.append((self.class_embed(output), box.sigmoid()))
        return result


def match(logits, boxes, labels, targets):
    """The cheapest assignment of queries to objects."""
    cost = (boxes[:, None] - targets[None]).abs().sum(2) * 5 - logits.softmax(1)[:, labels]
    cost = cost - 2 * generalized_box_iou(box_convert(boxes, "cxcywh", "xyxy"), box_convert(targets, "cxcywh", "xyxy"))
    ways = itertools.permutations(range(len(boxes)), len(targets))
    return list(min(ways, key=lambda way: sum(cost[query, item].item() for item, query in enumerate(way))))


def losses_of(outputs, targets):
    result = {}
    total = max(1, sum(len(target["labels"]) for target in targets))
    for number, (logits, boxes) in enumerate(outputs):
        none = logits.shape[2] - 1
        wanted = torch.full(logits.shape[:2], none)
        distance = overlap = 0
        for n, target in enumerate(targets):
            with torch.no_grad():
                queries = match(logits[n], boxes[n], target["labels"], target["boxes"])
            wanted[n, queries] = target["labels"]
            distance = distance + (boxes[n, queries] - target["boxes"]).abs().sum()
            pairs = generalized_box_iou(box_convert(boxes[n, queries], "cxcywh", "xyxy"), box_convert(target["boxes"], "cxcywh", "xyxy"))
            overlap = overlap + (1 - pairs.diag()).sum()
        weight = torch.ones(none + 1, dtype=logits.dtype)
        weight[none] = 0.1
        suffix = "" if number + 1 == len(outputs) else f"_{number}"
        result["loss_ce" + suffix] = F.cross_entropy(logits.transpose(1, 2), wanted, weight)
        result["loss_bbox" + suffix] = 5 * distance / total
        result["loss_giou" + suffix] = 2 * overlap / total
    return result


def calibrate(model, pixels, sizes):
    """Sets statistics that fit the images, and makes classes and boxes vary between queries, as after training."""
    def fit(module, inputs):
        x = inputs[0]
        module.running_mean, module.running_var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    with torch.no_grad():
        handles = [module.register_forward_pre_hook(fit) for module in model.modules() if isinstance(module, FrozenBatchNorm2d)]
        for module in model.modules():
            if isinstance(module, torchvision.models.resnet.BasicBlock):
                module.bn2.weight.fill_(0.3)
        for layer in [*model.transformer.encoder.layers, *model.transformer.decoder.layers]:
            for parameter in layer.parameters():
                if parameter.dim() > 1:
                    nn.init.xavier_uniform_(parameter)
        model.bbox_embed.layers[2].weight.mul_(8)
        model.class_embed.weight.mul_(3)
        model(pixels, sizes)
    for handle in handles:
        handle.remove()


def main():
    if sys.argv[1:] == ["keys"]:
        print(json.dumps({name: list(value.shape) for name, value in Detr("resnet50", False, 91, 100).state_dict().items()}))
        return
    weights, out, backbone, kind, *photographs = sys.argv[1:]
    images = [torch.from_numpy(cv2.imread(path)[:, :, ::-1].copy()).permute(2, 0, 1).contiguous().float() / 255 for path in photographs]
    torch.manual_seed(1)
    model = Detr(backbone, kind == "dc5", classes=6, queries=7, width=32, heads=4, encoder=2, decoder=3, hidden=64)
    transform = GeneralizedRCNNTransform(200, 320, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], size_divisible=1)

    # The last image has no objects.
    targets = []
    for i, image in enumerate(images):
        count = 4 - i if i + 1 < len(images) else 0
        extent = torch.tensor([image.shape[2], image.shape[1]])
        corner = torch.rand(count, 2) * extent * 0.6
        targets.append({
            "boxes": torch.cat([corner, corner + extent * (0.05 + 0.35 * torch.rand(count, 2))], 1),
            "labels": torch.randint(1, 6, (count,)),
        })
    result = {f"image.{i}": image for i, image in enumerate(images)}
    result.update({f"targets.{i}.{key}": value for i, target in enumerate(targets) for key, value in target.items()})

    batch, _ = transform.eval()(images)
    calibrate(model, batch.tensors, batch.image_sizes)
    torch.save({"model": model.state_dict()}, weights)
    common.watch_input(model.backbone[0].body, result)
    model.eval()
    with torch.no_grad():
        logits, boxes = model(batch.tensors, batch.image_sizes)[-1]
        for i, image in enumerate(images):
            score, label = logits[i].softmax(1)[:, 1:-1].max(1)
            height, width = image.shape[1:]
            corners = box_convert(boxes[i], "cxcywh", "xyxy") * torch.tensor([width, height, width, height])
            corners = torch.stack([
                corners[:, 0].clamp(0, width), corners[:, 1].clamp(0, height),
                corners[:, 2].clamp(0, width), corners[:, 3].clamp(0, height),
            ], 1)
            order = score.argsort(descending=True)
            result.update({
                f"detections.{i}.boxes": corners[order],
                f"detections.{i}.labels": label[order] + 1,
                f"detections.{i}.scores": score[order],
            })

    # In training, dropout draws the same numbers in the same order.
    for name, parameter in model.named_parameters():
        if name.startswith(("backbone.0.body.conv1", "backbone.0.body.layer1")):
            parameter.requires_grad_(False)
    common.in_double(model).train()
    torch.manual_seed(2)
    batch, scaled = transform.train()(images, targets)
    for target, (height, width) in zip(scaled, batch.image_sizes):
        target["boxes"] = box_convert(target["boxes"], "xyxy", "cxcywh") / torch.tensor([width, height, width, height])
    losses = losses_of(model(batch.tensors, batch.image_sizes), scaled)
    sum(losses.values()).backward()
    result.update(losses)
    result["random"] = torch.rand(4)
    result.update({
        f"grad.{name}": value.grad for name, value in model.named_parameters() if value.grad is not None and value.numel() < 300_000
    })
    common.save(out, result)


main()
