"""The parts of a detector, one by one, on made-up boxes. Arguments: output."""
import sys

import torch
from torchvision.models.detection import _utils, anchor_utils, rpn, transform
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import fastrcnn_loss
from torchvision.ops import boxes as box_ops, poolers

import common

(out,) = sys.argv[1:]
result = {}
torch.manual_seed(10)


def random_boxes(count, size=300.0):
    corner = torch.rand(count, 2) * size
    return torch.cat([corner, corner + torch.rand(count, 2) * size / 2 + 1], 1)


# Anchors of P2..P6 of a padded 224×320 image
levels = [torch.zeros(2, 1, *size) for size in ((56, 80), (28, 40), (14, 20), (7, 10), (4, 5))]
images = ImageList(torch.zeros(2, 3, 224, 320), [(200, 310), (224, 300)])
generator = anchor_utils.AnchorGenerator(((32,), (64,), (128,), (256,), (512,)), ((0.5, 1.0, 2.0),) * 5)
anchors = generator(images, levels)[0]
result["anchors"] = anchors

# Box coder
boxes, proposals = random_boxes(50), random_boxes(50)
deltas = torch.randn(50, 3 * 4) * 2
for name, weights in (("proposals", (1.0, 1.0, 1.0, 1.0)), ("detections", (10.0, 10.0, 5.0, 5.0))):
    coder = _utils.BoxCoder(weights)
    result[f"coder.{name}.encoded"] = coder.encode_single(boxes, proposals)
    result[f"coder.{name}.decoded"] = coder.decode(deltas, [proposals])
result.update({"coder.boxes": boxes, "coder.anchors": proposals, "coder.deltas": deltas})

# Intersection over union, matcher, sampler
objects = torch.cat([random_boxes(6, 220), torch.tensor([[400.0, 400, 401, 401]])])  # the last matches no anchor
iou = box_ops.box_iou(objects, anchors)
result.update({"objects": objects, "iou": iou})
for name, thresholds, keep in (("rpn", (0.7, 0.3), True), ("roi", (0.5, 0.5), False), ("strict", (0.7, 0.3), False)):
    result[f"matches.{name}"] = _utils.Matcher(*thresholds, allow_low_quality_matches=keep)(iou)
matches = result["matches.rpn"]
labels = torch.where(matches >= 0, 1, torch.where(matches == -1, 0, -1))
torch.manual_seed(11)
positives, negatives = _utils.BalancedPositiveNegativeSampler(64, 0.25)([labels])
result.update({"positives": torch.where(positives[0])[0], "negatives": torch.where(negatives[0])[0], "random": torch.rand(4)})

# Region proposals and their losses
head = rpn.RPNHead(1, 3)
network = rpn.RegionProposalNetwork(
    generator, head, 0.7, 0.3, 256, 0.5, {"training": 300, "testing": 200}, {"training": 150, "testing": 100}, 0.7)
# All different, since the order of ties is undefined.
objectness = torch.stack([torch.randperm(len(anchors)) for _ in range(2)]) / len(anchors) * 9 - 6
deltas = torch.randn(2, len(anchors), 4) * 0.3
objectness.requires_grad_(), deltas.requires_grad_()
per_level = [3 * level.shape[2] * level.shape[3] for level in levels]
decoded = network.box_coder.decode(deltas.detach().reshape(-1, 4), [anchors, anchors]).view(2, -1, 4)
for mode in ("testing", "training"):
    network.train(mode == "training")
    kept, _ = network.filter_proposals(decoded, objectness.reshape(-1, 1), images.image_sizes, per_level)
    result.update({f"proposals.{mode}.{i}": boxes for i, boxes in enumerate(kept)})
targets = [{"boxes": objects}, {"boxes": torch.zeros(0, 4)}]
assigned, matched = network.assign_targets_to_anchors([anchors, anchors], targets)
torch.manual_seed(12)
losses = network.compute_loss(
    objectness.reshape(-1, 1), deltas.reshape(-1, 4), assigned, network.box_coder.encode(matched, [anchors, anchors]))
sum(losses).backward()
result.update({
    "rpn.objectness": objectness, "rpn.deltas": deltas, "rpn.objectness.grad": objectness.grad, "rpn.deltas.grad": deltas.grad,
    "rpn.loss_objectness": losses[0], "rpn.loss_box": losses[1],
})

# Levels and pooling
features = [torch.randn(2, 8, *level.shape[2:]) for level in levels[:4]]
regions = [
    torch.cat([random_boxes(30), random_boxes(10, 20)]),
    torch.cat([random_boxes(20), torch.tensor([[0.0, 0, 224, 224], [0, 0, 112, 112], [0, 0, 448, 448]])]),
]
mapper = poolers.initLevelMapper(2, 5)
pooler = poolers.MultiScaleRoIAlign(["0", "1", "2", "3"], 7, 2)
result["regions.levels"] = mapper(regions)
result["regions.pooled"] = pooler({str(i): feature for i, feature in enumerate(features)}, regions, [(224, 320), (200, 310)])
result.update({f"regions.{i}": boxes for i, boxes in enumerate(regions)})
result.update({f"features.{i}": feature for i, feature in enumerate(features)})

# The losses of the second stage
logits, box_deltas = torch.randn(40, 5, requires_grad=True), torch.randn(40, 5 * 4, requires_grad=True)
labels, region_targets = torch.randint(0, 5, (40,)), random_boxes(40)
encoded = _utils.BoxCoder((10.0, 10.0, 5.0, 5.0)).encode_single(region_targets, regions[0])
losses = fastrcnn_loss(logits, box_deltas, [labels], [encoded])
sum(losses).backward()
result.update({
    "roi.logits": logits, "roi.deltas": box_deltas, "roi.labels": labels, "roi.targets": region_targets,
    "roi.loss_classifier": losses[0], "roi.loss_box": losses[1], "roi.logits.grad": logits.grad, "roi.deltas.grad": box_deltas.grad,
})

# Normalizing, resizing, padding: shrunk, enlarged, limited by the longer side
pictures = [torch.rand(3, 301, 400), torch.rand(3, 97, 113), torch.rand(3, 60, 201)]
prepare = transform.GeneralizedRCNNTransform(200, 320, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]).eval()
batch, _ = prepare(pictures)
result.update({f"picture.{i}": picture for i, picture in enumerate(pictures)})
result.update({"batch": batch.tensors, "batch.sizes": torch.tensor(batch.image_sizes)})

# Only sizes: a single rounding decides a side that is nearly a whole number of pixels
given = [(342, 548), (480, 640), (333, 500), (427, 640), (375, 500), *torch.randint(30, 500, (60, 2)).tolist()]
resized = [prepare.resize(torch.zeros(3, *size))[0].shape[1:] for size in given]
result.update({"sizes.given": torch.tensor(given), "sizes.resized": torch.tensor(resized)})

common.save(out, result)
