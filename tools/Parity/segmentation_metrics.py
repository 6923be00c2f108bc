"""Class maps and their metrics from numpy and OpenCV's exact distance transform: confusion, IoU, boundary F-scores.
Argument: output."""
import sys
import warnings

import cv2
import numpy as np
import torch

import common

IGNORE = 255


def blobs(rng, height, width, classes):
    """Random regions with round borders, of some of the classes."""
    coarse = rng.integers(0, classes, (max(height // 12, 1), max(width // 12, 1))).astype(np.uint8)
    layers = [cv2.resize((coarse == label).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC) for label in range(classes)]
    return np.argmax(layers, 0).astype(np.uint8)


def border(map, ignored, label):
    """Pixels of the class next to a pixel of another class, computed by shifting the whole map."""
    edge = np.zeros(map.shape, bool)
    for here, there in (
            ((slice(1, None), slice(None)), (slice(None, -1), slice(None))),
            ((slice(None), slice(1, None)), (slice(None), slice(None, -1)))):
        for a, b in ((here, there), (there, here)):
            edge[a] |= (map[a] == label) & (map[b] != label) & ~ignored[a] & ~ignored[b]
    return edge


def near(edge, others, tolerance):
    """The fraction of the edge that is near the others."""
    distance = cv2.distanceTransform((~others).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return (distance[edge] <= tolerance).mean()


def boundary_f(predicted, truth, label, tolerance):
    ignored = truth == IGNORE
    found, real = border(predicted, ignored, label), border(truth, ignored, label)
    if not found.any() and not real.any():
        return np.nan
    if not found.any() or not real.any():
        return 0
    precision, recall = near(found, real, tolerance), near(real, found, tolerance)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0


warnings.simplefilter("ignore", RuntimeWarning)  # an absent class has no score: NaN
rng = np.random.default_rng(4)
tensors = {}
for case, (classes, fraction, sizes) in enumerate([
        (5, 0.0075, [(360, 480), (240, 320), (90, 111)]), (3, 0.02, [(64, 80)] * 4),
        (11, 0.0075, [(200, 150)] * 2), (4, 0, [(40, 40)] * 2), (6, 0.3, [(33, 60)])]):
    scores, confusion = [], np.zeros((classes, classes), np.int64)
    for i, (height, width) in enumerate(sizes):
        truth = blobs(rng, height, width, classes - 1)  # the last class is predicted, but not in the ground truth
        predicted = np.where(
            rng.random((height, width)) < 0.9, np.roll(truth, (i, 2 * i), (0, 1)), blobs(rng, height, width, classes)).astype(np.uint8)
        truth[cv2.resize(rng.random((9, 9)), (width, height)) < 0.2] = IGNORE
        counted = truth != IGNORE
        confusion += np.bincount(truth[counted] * np.int64(classes) + predicted[counted], minlength=classes**2).reshape(classes, classes)
        scores.append([boundary_f(predicted, truth, label, fraction * np.hypot(height, width)) for label in range(classes)])
        tensors[f"{case}.{i}.predicted"], tensors[f"{case}.{i}.truth"] = torch.from_numpy(predicted), torch.from_numpy(truth)
    right, true, taken = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    iou, accuracy, boundary = right / (true + taken - right), right / true, np.nanmean(scores, 0)
    figures = [np.nanmean(iou), right.sum() / true.sum(), np.nanmean(accuracy), np.nansum(iou * true) / true.sum(), np.nanmean(boundary)]
    tensors.update({
        f"{case}.fraction": torch.tensor(fraction, dtype=torch.float64), f"{case}.confusion": torch.from_numpy(confusion),
        f"{case}.figures": torch.tensor(figures, dtype=torch.float64),
        f"{case}.iou": torch.from_numpy(iou), f"{case}.boundary": torch.from_numpy(boundary),
    })
common.save(sys.argv[1], tensors)
