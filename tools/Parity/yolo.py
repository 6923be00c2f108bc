"""
YOLOX and YOLOv3 implemented with PyTorch operators from the papers' equations: decoding, assignment, losses, gradients.
Arguments: output. The input is a square of 128 pixels, with strides 8, 16 and 32; 2 images, the second without objects.
"""
import math
import sys

import torch
import torch.nn.functional as F
from torchvision.ops import box_iou

import common

(out,) = sys.argv[1:]
result = {}
torch.manual_seed(30)
SIDE, CLASSES = 128, 3
grids = [SIDE // stride for stride in (8, 16, 32)]
cells = torch.tensor([(x * SIDE / g, y * SIDE / g, SIDE / g) for g in grids for y in range(g) for x in range(g)])
boxes = torch.tensor([
    [10.0, 12, 60, 70], [12.0, 10, 62, 66], [80.0, 20, 90, 32], [30.0, 60, 120, 126], [100.0, 100, 103, 104], [1.0, 1, 127, 127],
])
labels = torch.tensor([1, 3, 2, 1, 2, 3])
result.update({"cells": cells, "boxes": boxes, "labels": labels})


def corners(x, y, w, h):
    return torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], -1)


# YOLOX, section 2.1: x = (cell + dx)·stride, w = exp(dw)·stride
count = len(cells)
logits = torch.randn(2, count, CLASSES, requires_grad=True)
coded = torch.randn(2, count, 4) * 0.7
objectness = torch.randn(2, count, requires_grad=True)
coded[..., 2:] += 1
coded.requires_grad_()
decoded = corners(
    coded[..., 0] * cells[:, 2] + cells[:, 0],
    coded[..., 1] * cells[:, 2] + cells[:, 1],
    coded[..., 2].exp() * cells[:, 2],
    coded[..., 3].exp() * cells[:, 2])
result.update({"x.logits": logits, "x.coded": coded, "x.objectness": objectness, "x.decoded": decoded})


@torch.no_grad()
def simota():
    center = cells[:, :2] + cells[:, 2:] / 2
    inside = ((center[None] > boxes[:, None, :2]) & (center[None] < boxes[:, None, 2:])).all(2)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    near = ((center[None] - middle[:, None]).abs() < 2.5 * cells[None, :, 2:]).all(2)
    candidates = torch.where((inside | near).any(0))[0]
    iou = box_iou(boxes, decoded[0, candidates])
    score = (logits[0, candidates].sigmoid() * objectness[0, candidates].sigmoid()[:, None]).sqrt()
    onehot = F.one_hot(labels - 1, CLASSES).float()
    classification = F.binary_cross_entropy(
        score[None].expand(len(boxes), -1, -1), onehot[:, None].expand(-1, len(candidates), -1), reduction="none").sum(2)
    cost = classification + 3 * -torch.log(iou + 1e-8) + 1e5 * ~(inside & near)[:, candidates]
    matching = torch.zeros_like(cost)
    for g in range(len(boxes)):
        k = max(1, int(iou[g].topk(min(10, len(candidates))).values.sum()))
        matching[g, cost[g].topk(k, largest=False).indices] = 1
    for a in range(len(candidates)):
        if matching[:, a].sum() > 1:
            best = cost[:, a].argmin()
            matching[:, a] = 0
            matching[best, a] = 1
    matches = torch.full((count,), -1)
    for g, a in torch.nonzero(matching).tolist():
        matches[candidates[a]] = g
    return matches


matches = simota()
positive = torch.where(matches >= 0)[0]
assert len(positive) > len(boxes)
iou = torch.stack([box_iou(decoded[0, a:a + 1], boxes[matches[a]:matches[a] + 1])[0, 0] for a in positive])
target = torch.zeros(2, count)
target[0, positive] = 1
losses = {
    "box": 5 * (1 - iou ** 2).sum() / len(positive),
    "objectness": F.binary_cross_entropy_with_logits(objectness, target, reduction="sum") / len(positive),
    "classification": F.binary_cross_entropy_with_logits(
        logits[0, positive], F.one_hot(labels[matches[positive]] - 1, CLASSES) * iou.detach()[:, None], reduction="sum") / len(positive),
}
sum(losses.values()).backward()
result.update({f"x.loss.{name}": value for name, value in losses.items()})
result.update({"x.matches": matches, "x.logits.grad": logits.grad, "x.coded.grad": coded.grad, "x.objectness.grad": objectness.grad})

# YOLOv3, section 2.1: b = sigmoid(t) + c for x and y, b = p·exp(t) for width and height
priors = torch.tensor([(10, 13), (16, 30), (33, 23), (30, 61), (62, 45), (59, 119), (116, 90), (156, 198), (373, 326)]) * SIDE / 416
rows = []
for level, g in enumerate(grids):
    for y in range(g):
        for x in range(g):
            rows += [(x * SIDE / g, y * SIDE / g, SIDE / g, *priors[3 * level + p].tolist()) for p in range(3)]
rows = torch.tensor(rows)
count = len(rows)
logits = torch.randn(2, count, CLASSES, requires_grad=True)
coded = (torch.randn(2, count, 4) * 0.7).requires_grad_()
objectness = torch.randn(2, count, requires_grad=True)
decoded = corners(
    coded[..., 0].sigmoid() * rows[:, 2] + rows[:, 0],
    coded[..., 1].sigmoid() * rows[:, 2] + rows[:, 1],
    coded[..., 2].exp() * rows[:, 3],
    coded[..., 3].exp() * rows[:, 4])
result.update({"v3.logits": logits, "v3.coded": coded, "v3.objectness": objectness, "v3.decoded": decoded})
starts = [0, grids[0] ** 2, grids[0] ** 2 + grids[1] ** 2]
box = classification = 0
target, trained = torch.zeros(2, count), torch.ones(2, count)
trained[0] = (box_iou(boxes, decoded[0].detach()).max(0).values <= 0.5).float()
for (x1, y1, x2, y2), label in zip(boxes.tolist(), labels.tolist()):
    w, h, cx, cy = x2 - x1, y2 - y1, (x1 + x2) / 2, (y1 + y2) / 2
    shape = [min(w, pw) * min(h, ph) / (w * h + pw * ph - min(w, pw) * min(h, ph)) for pw, ph in priors.tolist()]
    best = shape.index(max(shape))
    level, g = best // 3, grids[best // 3]
    column, line = math.floor(cx * g / SIDE), math.floor(cy * g / SIDE)
    row = (starts[level] + line * g + column) * 3 + best % 3
    t = coded[0, row]
    errors = [
        t[0].sigmoid() - (cx * g / SIDE - column), t[1].sigmoid() - (cy * g / SIDE - line),
        t[2] - math.log(w / priors[best, 0]), t[3] - math.log(h / priors[best, 1]),
    ]
    box = box + (2 - w * h / SIDE ** 2) * sum(error ** 2 for error in errors)
    classification = classification + F.binary_cross_entropy_with_logits(
        logits[0, row], F.one_hot(torch.tensor(label - 1), CLASSES).float(), reduction="sum")
    target[0, row] = trained[0, row] = 1
losses = {
    "box": box / len(boxes),
    "objectness": (F.binary_cross_entropy_with_logits(objectness, target, reduction="none") * trained).sum() / len(boxes),
    "classification": classification / len(boxes),
}
sum(losses.values()).backward()
result.update({f"v3.loss.{name}": value for name, value in losses.items()})
result.update({"v3.logits.grad": logits.grad, "v3.coded.grad": coded.grad, "v3.objectness.grad": objectness.grad})
common.save(out, result)
