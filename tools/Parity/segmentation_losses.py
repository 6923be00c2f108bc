"""Segmentation losses from their papers' equations, pixel by pixel and class by class, with gradients. Arguments: output."""
import sys

import torch
import torch.nn.functional as F

import common

CLASSES = 5
torch.manual_seed(4)
logits = torch.randn(2, CLASSES, 9, 11)
labels = torch.randint(0, CLASSES - 1, (2, 9, 11))  # the last class does not occur
labels[0, 2:4] = 255
weights = torch.tensor([1.0, 0.5, 2.0, 3.0, 7.0])


def pixels(logits):
    kept = labels != 255
    return logits.permute(0, 2, 3, 1)[kept].softmax(1), labels[kept]


def cross_entropy(logits):
    return F.cross_entropy(logits, labels, ignore_index=255)


def weighted(logits):
    return F.cross_entropy(logits, labels, weights, ignore_index=255)


def focal(logits):
    p, y = pixels(logits)
    p = p[torch.arange(len(y)), y]
    return (-(1 - p) ** 2 * p.log()).mean()


def tversky(alpha, beta):
    def loss(logits):
        p, y = pixels(logits)
        each = []
        for c in y.unique():
            truth = (y == c).float()
            right = (p[:, c] * truth).sum()
            each.append(1 - right / (right + alpha * (p[:, c] * (1 - truth)).sum() + beta * ((1 - p[:, c]) * truth).sum()))
        return torch.stack(each).mean()
    return loss


def lovasz(logits):
    """
    Equation 9 with the extension of definition 1: the sorted errors, each multiplied by the increase of the set loss when it joins those
    before it.
    """
    p, y = pixels(logits)
    each = []
    for c in y.unique():
        truth = y == c
        error = torch.where(truth, 1 - p[:, c], p[:, c])
        order = error.argsort(descending=True)
        wrong = torch.zeros_like(truth)
        loss, before = 0, 0.0
        for i in order:
            wrong[i] = True
            # 1 − IoU of a prediction that is wrong exactly at these pixels.
            now = wrong.sum().item() / (truth | wrong).sum().item()
            loss = loss + error[i] * (now - before)
            before = now
        each.append(loss)
    return torch.stack(each).mean()


def hard(logits):
    entropy = F.cross_entropy(logits, labels, reduction="none", ignore_index=255)[labels != 255]
    hardest = entropy.sort(descending=True)[0]
    least = -(-len(entropy) // 10)
    kept = hardest[: max(least, int((entropy >= -torch.tensor(0.7).log()).sum()))]
    return kept.mean()


def boundary(logits):
    """Equations 2 to 6, image by image and class by class."""
    each = []
    for image in range(2):
        kept = labels[image] != 255
        p = logits[image].softmax(0) * kept
        for c in range(CLASSES):
            truth = ((labels[image] == c) & kept).float()
            edges = []
            for x in (truth, p[c]):
                inverse = (1 - x)[None, None]
                edges.append((F.max_pool2d(inverse, 3, 1, 1) - inverse)[0, 0])
            if edges[0].sum() == 0:
                continue
            wide = [F.max_pool2d(edge[None, None], 5, 1, 2)[0, 0] for edge in edges]
            precision, recall = (edges[1] * wide[0]).sum() / edges[1].sum(), (wide[1] * edges[0]).sum() / edges[0].sum()
            each.append(1 - 2 * precision * recall / (precision + recall))
    return torch.stack(each).mean()


losses = {
    "cross_entropy": cross_entropy, "weighted": weighted, "focal": focal,
    "tversky": tversky(0.3, 0.7), "dice": tversky(0.5, 0.5), "jaccard": tversky(1, 1),
    "lovasz": lovasz, "hard": hard, "boundary": boundary,
}
tensors = {"logits": logits, "labels": labels, "weights": weights}
for name, loss in losses.items():
    x = logits.clone().requires_grad_()
    value = loss(x)
    value.backward()
    tensors |= {name: value, "grad." + name: x.grad}
common.save(sys.argv[1], tensors)
