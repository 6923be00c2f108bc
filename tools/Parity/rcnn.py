"""
torchvision's two-stage detectors on photographs: weights, detections, and in double precision losses and gradients.
Arguments: weights, output, model ("maskrcnn", "maskrcnn_v2", "keypointrcnn", "fasterrcnn_v2", "mobile" or "mobile_320"), then photographs.
"""
import sys

import cv2
import torch
import torchvision
from torch import nn
from torchvision.models.detection import FasterRCNN, KeypointRCNN, MaskRCNN
from torchvision.models.detection import faster_rcnn, mask_rcnn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import _mobilenet_extractor, _resnet_fpn_extractor

import as_if_trained
import common

weights, out, kind, *photographs = sys.argv[1:]
images = [torch.from_numpy(cv2.imread(path)[:, :, ::-1].copy()).permute(2, 0, 1).contiguous().float() / 255 for path in photographs]
# Few regions, since the heads take most of the time.
sizes = dict(
    min_size=160, max_size=256, rpn_post_nms_top_n_train=200, rpn_post_nms_top_n_test=200,
    box_batch_size_per_image=32, box_detections_per_img=40)
CLASSES, KEYPOINTS = 6, 5
frozen = torchvision.ops.FrozenBatchNorm2d


def build(norm):
    """The model on a backbone with this normalization."""
    if kind.startswith("mobile"):
        body = _mobilenet_extractor(torchvision.models.mobilenet_v3_large(weights=None, norm_layer=norm), True, 6)
        thresholds = dict(rpn_pre_nms_top_n_test=150) if kind == "mobile_320" else {}
        anchors = AnchorGenerator(((32, 64, 128, 256, 512),) * 3, ((0.5, 1.0, 2.0),) * 3)
        return FasterRCNN(body, CLASSES, rpn_anchor_generator=anchors, rpn_score_thresh=0.05, **thresholds, **sizes)
    second = kind.endswith("v2")
    body = _resnet_fpn_extractor(
        torchvision.models.resnet18(weights=None, norm_layer=norm), 3 if norm is frozen else 5,
        norm_layer=nn.BatchNorm2d if second else None)
    extra = {}
    if second:
        extra = dict(
            rpn_head=faster_rcnn.RPNHead(256, 3, conv_depth=2),
            box_head=faster_rcnn.FastRCNNConvFCHead((256, 7, 7), [256] * 4, [1024], norm_layer=nn.BatchNorm2d))
    if kind == "keypointrcnn":
        return KeypointRCNN(body, CLASSES, num_keypoints=KEYPOINTS, **sizes)
    if kind.startswith("maskrcnn"):
        if second:
            extra["mask_head"] = mask_rcnn.MaskRCNNHeads(256, [256] * 4, 1, norm_layer=nn.BatchNorm2d)
        return MaskRCNN(body, CLASSES, **extra, **sizes)
    return FasterRCNN(body, CLASSES, **extra, **sizes)


torch.manual_seed(1)
model = build(nn.BatchNorm2d)
as_if_trained.fit(model, images, {
    "rpn.head.cls_logits": 3, "rpn.head.bbox_pred": 0.2, "roi_heads.box_predictor.cls_score": 2,
    "roi_heads.mask_predictor.mask_fcn_logits": 3, "roi_heads.keypoint_predictor.kps_score_lowres": 5,
})
with torch.no_grad():
    model.roi_heads.box_predictor.cls_score.bias[0] += 5
if not kind.endswith("v2"):
    state = model.state_dict()
    model = build(frozen)
    model.load_state_dict({key: value for key, value in state.items() if not key.endswith("num_batches_tracked")})
torch.save(model.state_dict(), weights)

result = {f"image.{i}": image for i, image in enumerate(images)}
common.watch_input(model.backbone, result)
model.eval()
with torch.no_grad():
    for i, found in enumerate(model(images)):
        if "masks" in found:
            found["masks"] = (found["masks"][:, 0] > 0.5).byte()
        result.update({f"detections.{i}.{key}": value for key, value in found.items()})

# The last image has no objects.
targets = []
for i, image in enumerate(images):
    count = 4 if i + 1 < len(images) else 0
    height, width = image.shape[1:]
    extent = torch.tensor([width, height])
    corner = torch.rand(count, 2) * extent * 0.6
    size = extent * (0.1 + 0.3 * torch.rand(count, 2))
    boxes = torch.cat([corner, corner + size], 1)
    target = {"boxes": boxes, "labels": torch.randint(1, 6, (count,))}
    if kind.startswith("maskrcnn"):
        y, x = torch.arange(height).view(1, -1, 1), torch.arange(width).view(1, 1, -1)
        center, half = (corner + size / 2).view(-1, 2, 1, 1), (size / 2).view(-1, 2, 1, 1)
        target["masks"] = (((x - center[:, 0]) / half[:, 0]) ** 2 + ((y - center[:, 1]) / half[:, 1]) ** 2 <= 1).byte()
    if kind == "keypointrcnn":
        places = corner.view(-1, 1, 2) + torch.rand(count, KEYPOINTS, 2) * size.view(-1, 1, 2)
        target["keypoints"] = torch.cat([places, torch.randint(0, 3, (count, KEYPOINTS, 1)).float()], 2)
    targets.append(target)
    result.update({f"targets.{i}.{key}": value for key, value in target.items()})

common.in_double(model).train()
torch.manual_seed(2)
losses = model(images, targets)
sum(losses.values()).backward()
result.update(losses)
result["random"] = torch.rand(4)
result.update({
    f"grad.{name}": value.grad for name, value in model.named_parameters() if value.grad is not None and value.numel() < 100_000
})
result.update({f"after.{name}": value for name, value in model.named_buffers() if name.endswith("running_mean")})
common.save(out, result)
