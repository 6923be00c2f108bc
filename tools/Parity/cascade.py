"""
Cascade R-CNN from its paper's equations (arXiv:1712.00726), on torchvision's backbone, RPN and mask branch: weights, detections, and in
double precision losses and gradients on photographs.
Arguments: weights, output, "box" or "mask", then photographs.
"""
import sys

import cv2
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection import roi_heads as roi
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.ops import batched_nms, box_iou, clip_boxes_to_image

import as_if_trained
import common

weights, out, kind, *photographs = sys.argv[1:]
images = [torch.from_numpy(cv2.imread(path)[:, :, ::-1].copy()).permute(2, 0, 1).contiguous().float() / 255 for path in photographs]
CLASSES = 6
CODERS = [BoxCoder((10.0, 10.0, 5.0, 5.0)), BoxCoder((20.0, 20.0, 10.0, 10.0)), BoxCoder((30.0, 30.0, 15.0, 15.0))]
OVERLAPS = [0.5, 0.6, 0.7]


class Predictor(FastRCNNPredictor):
    def __init__(self):
        super().__init__(1024, CLASSES)
        self.bbox_pred = nn.Linear(1024, 4)


def build(norm):
    body = resnet_fpn_backbone(backbone_name="resnet18", weights=None, norm_layer=norm, trainable_layers=3)
    model = MaskRCNN(
        body, CLASSES, min_size=160, max_size=256, rpn_post_nms_top_n_train=200, rpn_post_nms_top_n_test=200, box_batch_size_per_image=32)
    if kind == "box":
        model.roi_heads.mask_roi_pool = model.roi_heads.mask_head = model.roi_heads.mask_predictor = None
    return model


torch.manual_seed(1)
model = build(nn.BatchNorm2d)
as_if_trained.fit(model, images, {
    "rpn.head.cls_logits": 3, "rpn.head.bbox_pred": 0.2,
    "roi_heads.box_predictor.cls_score": 2, "roi_heads.mask_predictor.mask_fcn_logits": 3,
})
state = {key: value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}
model = build(torchvision.ops.FrozenBatchNorm2d)
model.load_state_dict(state)
heads = model.roi_heads
first = (heads.box_head, heads.box_predictor)
heads.box_head = nn.ModuleList(TwoMLPHead(256 * 49, 1024) for _ in range(3))
heads.box_predictor = nn.ModuleList(Predictor() for _ in range(3))
with torch.no_grad():
    for head, predictor in zip(heads.box_head, heads.box_predictor):
        # The stages make similar predictions, each with small differences.
        for old, new in ((first[0], head), (first[1].cls_score, predictor.cls_score)):
            for (_, a), (_, b) in zip(old.named_parameters(), new.named_parameters()):
                b.copy_(a * (1 + 0.05 * torch.randn_like(a)))
        predictor.cls_score.bias[0] += 5
        predictor.bbox_pred.weight.mul_(5)
torch.save(model.state_dict(), weights)


def stage_outputs(stage, features, regions, sizes):
    pooled = heads.box_roi_pool(features, regions, sizes)
    if pooled.requires_grad:
        pooled.register_hook(lambda gradient: gradient / 3)
    return heads.box_predictor[stage](heads.box_head[stage](pooled))


def refine(stage, deltas, regions, sizes):
    boxes = CODERS[stage].decode(deltas.detach(), regions).reshape(-1, 4).split([len(region) for region in regions])
    return [clip_boxes_to_image(box, size) for box, size in zip(boxes, sizes)]


def prepare(targets=None):
    batch, targets = model.transform(images, targets)
    features = model.backbone(batch.tensors)
    proposals, losses = model.rpn(batch, features, targets)
    return batch, features, proposals, losses, targets


def predict():
    batch, features, regions, _, _ = prepare()
    scores = 0
    for stage in range(3):
        if stage > 0:
            regions = refine(stage - 1, deltas, regions, batch.image_sizes)
        logits, deltas = stage_outputs(stage, features, regions, batch.image_sizes)
        scores = scores + F.softmax(logits, 1) / 3
    boxes = refine(2, deltas, regions, batch.image_sizes)
    found = []
    for box, score in zip(boxes, scores.split([len(region) for region in regions])):
        rows, columns = torch.where(score[:, 1:] > 0.05)
        box, score, label = box[rows], score[rows, columns + 1], columns + 1
        large = ((box[:, 2:] - box[:, :2]) >= 1e-2).all(1)
        box, score, label = box[large], score[large], label[large]
        keep = batched_nms(box, score, label, 0.5)[:40]
        found.append({"boxes": box[keep], "scores": score[keep], "labels": label[keep]})
    if kind == "mask":
        logits = heads.mask_predictor(heads.mask_head(heads.mask_roi_pool(features, [f["boxes"] for f in found], batch.image_sizes)))
        for own, masks in zip(found, roi.maskrcnn_inference(logits, [f["labels"] for f in found])):
            own["masks"] = masks
    found = model.transform.postprocess(found, batch.image_sizes, [tuple(image.shape[1:]) for image in images])
    for own in found:
        if "masks" in own:
            own["masks"] = (own["masks"][:, 0] > 0.5).byte()
    return found


def match(regions, target, overlap):
    """The matched object of each region, and its label: 0 if no object overlaps enough."""
    if len(target["boxes"]) == 0 or len(regions) == 0:
        return torch.zeros(len(regions), dtype=torch.long), torch.zeros(len(regions), dtype=torch.long)
    best, which = box_iou(target["boxes"], regions).max(0)
    return which, torch.where(best >= overlap, target["labels"][which], 0)


def train(targets):
    batch, features, proposals, losses, targets = prepare(targets)
    regions, matched, labels, _ = heads.select_training_samples(proposals, targets)
    sampled = regions, matched, labels
    for stage in range(3):
        logits, deltas = stage_outputs(stage, features, regions, batch.image_sizes)
        objects = torch.cat([
            target["boxes"][which] if len(target["boxes"]) else torch.zeros(len(which), 4) for target, which in zip(targets, matched)])
        all_labels = torch.cat(labels)
        positive = all_labels > 0
        encoded = CODERS[stage].encode_single(objects[positive], torch.cat(regions)[positive])
        losses[f"loss_cls_stage{stage}"] = F.cross_entropy(logits, all_labels)
        losses[f"loss_box_reg_stage{stage}"] = (deltas[positive] - encoded).abs().sum() / len(all_labels)
        if stage < 2:
            regions = [box[(box[:, 2] > box[:, 0]) & (box[:, 3] > box[:, 1])] for box in refine(stage, deltas, regions, batch.image_sizes)]
            matched, labels = zip(*(match(region, target, OVERLAPS[stage + 1]) for region, target in zip(regions, targets)))
    if kind == "mask":
        regions, matched, labels = sampled
        regions = [region[label > 0] for region, label in zip(regions, labels)]
        matched = [which[label > 0] for which, label in zip(matched, labels)]
        logits = heads.mask_predictor(heads.mask_head(heads.mask_roi_pool(features, regions, batch.image_sizes)))
        losses["loss_mask"] = roi.maskrcnn_loss(logits, regions, [t["masks"] for t in targets], [t["labels"] for t in targets], matched)
    return losses


result = {f"image.{i}": image for i, image in enumerate(images)}
common.watch_input(model.backbone, result)
model.eval()
with torch.no_grad():
    for i, found in enumerate(predict()):
        result.update({f"detections.{i}.{key}": value for key, value in found.items()})

# The last image has no objects.
targets = []
for i, image in enumerate(images):
    count = 4 if i + 1 < len(images) else 0
    height, width = image.shape[1:]
    extent = torch.tensor([width, height])
    corner = torch.rand(count, 2) * extent * 0.6
    size = extent * (0.1 + 0.3 * torch.rand(count, 2))
    y, x = torch.arange(height).view(1, -1, 1), torch.arange(width).view(1, 1, -1)
    center, half = (corner + size / 2).view(-1, 2, 1, 1), (size / 2).view(-1, 2, 1, 1)
    target = {"boxes": torch.cat([corner, corner + size], 1), "labels": torch.randint(1, 6, (count,)),
              "masks": (((x - center[:, 0]) / half[:, 0]) ** 2 + ((y - center[:, 1]) / half[:, 1]) ** 2 <= 1).byte()}
    targets.append(target)
    result.update({f"targets.{i}.{key}": value for key, value in target.items()})

common.in_double(model).train()
torch.manual_seed(2)
losses = train(targets)
sum(losses.values()).backward()
result.update(losses)
result["random"] = torch.rand(4)
result.update({
    f"grad.{name}": value.grad for name, value in model.named_parameters() if value.grad is not None and value.numel() < 100_000
})
common.save(out, result)
