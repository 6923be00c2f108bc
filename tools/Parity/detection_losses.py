"""Losses with their gradients, soft-NMS and weighted boxes fusion, from torchvision or implemented from the papers. Arguments: output."""
import sys

import torch
import torch.nn.functional as F
from torchvision import ops

import common

(out,) = sys.argv[1:]
result = {}
torch.manual_seed(20)


def random_boxes(count, size=100.0):
    corner = torch.rand(count, 2) * size
    return torch.cat([corner, corner + torch.rand(count, 2) * size / 2 + 1], 1)


def record(name, function, predicted, target):
    for reduction in ("none", "mean", "sum"):
        leaf = predicted.clone().requires_grad_()
        loss = function(leaf, target, reduction)
        loss.sum().backward()
        result.update({f"{name}.{reduction}": loss, f"{name}.{reduction}.grad": leaf.grad})


def quality_focal(logits, quality, reduction):
    """Li et al. 2020, equation 2: -|y - s|^b ((1 - y) log(1 - s) + y log s)."""
    s = torch.sigmoid(logits)
    loss = -(quality - s).abs() ** 2 * ((1 - quality) * torch.log(1 - s) + quality * torch.log(s))
    return loss if reduction == "none" else getattr(loss, reduction)()


predicted, target = random_boxes(40), random_boxes(40)
target[:10] = predicted[:10] + torch.randn(10, 4)   # overlapping pairs among distant boxes
logits, binary, quality = torch.randn(30, 5) * 3, (torch.rand(30, 5) > 0.7).float(), torch.rand(30, 5)
result.update({"predicted": predicted, "target": target, "logits": logits, "binary": binary, "quality": quality})
record("giou", lambda a, b, r: ops.generalized_box_iou_loss(a, b, r), predicted, target)
record("diou", lambda a, b, r: ops.distance_box_iou_loss(a, b, r), predicted, target)
record("ciou", lambda a, b, r: ops.complete_box_iou_loss(a, b, r), predicted, target)
record("l1", lambda a, b, r: F.l1_loss(a, b, reduction=r), predicted, target)
record("smooth_l1", lambda a, b, r: F.smooth_l1_loss(a, b, reduction=r, beta=2.0), predicted, target)
record("focal", lambda a, b, r: ops.sigmoid_focal_loss(a, b, reduction=r), logits, binary)
record("quality_focal", quality_focal, logits, quality)


def soft_nms(boxes, scores, labels, kind, threshold=0.3, sigma=0.5, minimum=0.001):
    """Bodla et al. 2017, figure 2, class by class."""
    rows = []
    for label in labels.unique():
        left = torch.where(labels == label)[0].tolist()
        s = {i: scores[i].item() for i in left}
        while left:
            m = max(left, key=lambda i: s[i])
            left.remove(m)
            rows.append((s[m], m))
            for i in list(left):
                iou = ops.box_iou(boxes[m:m + 1], boxes[i:i + 1]).item()
                if kind == "gaussian":
                    s[i] *= torch.exp(torch.tensor(-iou * iou / sigma)).item()
                elif iou > threshold:
                    s[i] *= 1 - iou
                if s[i] < minimum:
                    left.remove(i)
    rows.sort(reverse=True)
    return torch.tensor([m for _, m in rows]), torch.tensor([score for score, _ in rows])


boxes, scores, labels = random_boxes(60, 60.0), torch.rand(60), torch.randint(1, 4, (60,))
result.update({"nms.boxes": boxes, "nms.scores": scores, "nms.labels": labels})
for kind in ("linear", "gaussian"):
    result[f"soft.{kind}.rows"], result[f"soft.{kind}.scores"] = soft_nms(boxes, scores, labels, kind)


def fuse(views, threshold=0.55):
    """Solovyev et al. 2019, section 3, steps 1 to 7."""
    entries = sorted(((s, l, b) for view in views for b, s, l in zip(*view)), key=lambda entry: -entry[0])
    clusters = []
    for s, l, b in entries:
        best, at = threshold, None
        for i, (label, members, fused) in enumerate(clusters):
            iou = ops.box_iou(fused[None], b[None]).item()
            if label == l and iou > best:
                best, at = iou, i
        if at is None:
            clusters.append([l, [], None])
            at = len(clusters) - 1
        cluster = clusters[at]
        cluster[1].append((s, b))
        c = torch.stack([s for s, _ in cluster[1]])
        cluster[2] = (torch.stack([b for _, b in cluster[1]]) * c[:, None]).sum(0) / c.sum()
    rows = [
        (torch.stack([s for s, _ in members]).mean() * min(len(members), len(views)) / len(views), label, fused)
        for label, members, fused in clusters
    ]
    rows.sort(key=lambda row: -row[0])
    return torch.stack([torch.cat([row[0][None], row[1][None].float(), row[2]]) for row in rows])


views = []
for i in range(3):
    moved = boxes + torch.randn(60, 4)
    moved[:, 2:] = torch.maximum(moved[:, 2:], moved[:, :2] + 1)
    views.append((moved, torch.rand(60), labels))
    result.update({f"view.{i}.boxes": moved, f"view.{i}.scores": views[-1][1]})
result["fused"] = fuse(views)

common.save(out, result)
