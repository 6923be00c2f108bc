"""Non-maximum suppression, alone and by class, with duplicates, ties, overlaps at the threshold and boxes without area.
Argument: output."""
import sys

import torch
from torchvision.ops import batched_nms, nms

import common

out = sys.argv[1]
torch.manual_seed(5)
tensors = {}
for case in range(60):
    dtype = torch.float64 if case % 5 == 0 else torch.float32
    count = [0, 1, 2, 40, 300, 1200][case % 6]  # from 1001 on, batched_nms uses another algorithm
    boxes = torch.rand(count, 4, dtype=dtype) * 50
    if case % 2:
        boxes = boxes.round()  # overlaps of exactly the threshold
    boxes[:, 2:] += boxes[:, :2]
    if count > 20:
        boxes[5:10] = boxes[0]
        boxes[11, 2:] = boxes[11, :2]
        boxes[12:14] = boxes[11]
    scores = torch.rand(count, dtype=dtype)
    if case % 3 == 0:
        scores = (scores * 5).round() / 5
    classes = torch.randint(0, 4, (count,))
    threshold = [0.5, 0.3, 0.7, 0.0, 1.0, 1 / 3][case // 6 % 6]
    tensors.update({
        f"{case}.boxes": boxes, f"{case}.scores": scores, f"{case}.classes": classes,
        f"{case}.threshold": torch.tensor(threshold, dtype=torch.float64),
        f"{case}.kept": nms(boxes, scores, threshold), f"{case}.by_class": batched_nms(boxes, scores, classes, threshold),
    })
common.save(out, tensors)
