"""
Faster R-CNN on photographs: its weights, detections, and in double precision losses and gradients.
Arguments: weights, output, backbone, norm ("batch", "frozen", or "published": the form of the files on pytorch.org), then photographs.
"""
import sys

import cv2
import torch
import torchvision
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection._utils import overwrite_eps
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone

import as_if_trained
import common

weights, out, backbone, norm, *photographs = sys.argv[1:]
# Contiguous, as the toolkit reads images: resizing rounds differently in other memory layouts.
images = [torch.from_numpy(cv2.imread(path)[:, :, ::-1].copy()).permute(2, 0, 1).contiguous().float() / 255 for path in photographs]
sizes = dict(min_size=160, max_size=256, box_batch_size_per_image=64)
if norm == "published":
    # The toolkit folds these files' different epsilon into the scales, and so rounds differently; among thousands of proposals this changes
    # the suppression of one occasionally, and with it the whole sample.
    sizes |= dict(rpn_pre_nms_top_n_train=100, rpn_post_nms_top_n_train=100)

torch.manual_seed(1)
norm_layer = torch.nn.BatchNorm2d if norm == "batch" else torchvision.ops.FrozenBatchNorm2d
body = resnet_fpn_backbone(backbone_name=backbone, weights=None, norm_layer=torch.nn.BatchNorm2d, trainable_layers=5)
model = FasterRCNN(body, num_classes=6, **sizes)
as_if_trained.fit(model, images, {"rpn.head.cls_logits": 3, "rpn.head.bbox_pred": 0.2, "roi_heads.box_predictor.cls_score": 2})
with torch.no_grad():
    model.roi_heads.box_predictor.cls_score.bias[0] += 5

state = model.state_dict()
if norm_layer is not torch.nn.BatchNorm2d:
    body = resnet_fpn_backbone(backbone_name=backbone, weights=None, norm_layer=norm_layer, trainable_layers=3)
    model = FasterRCNN(body, num_classes=6, **sizes)
    model.load_state_dict(state)
    state = model.state_dict()
if norm == "published":
    overwrite_eps(model, 0.0)
    old = {f"backbone.fpn.{blocks}_blocks.{i}.0.{kind}": f"backbone.fpn.{blocks}_blocks.{i}.{kind}"
           for blocks in ("inner", "layer") for i in range(4) for kind in ("weight", "bias")}
    old |= {f"rpn.head.conv.0.0.{kind}": f"rpn.head.conv.{kind}" for kind in ("weight", "bias")}
    torch.save({old.get(key, key): value for key, value in state.items()}, weights, _use_new_zipfile_serialization=False)
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
    targets.append({"boxes": boxes, "labels": torch.randint(1, 6, (count,))})
    result.update({f"targets.{i}.{key}": value for key, value in targets[-1].items()})

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
