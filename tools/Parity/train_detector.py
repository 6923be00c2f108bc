"""
Three steps of SGD on Faster R-CNN with ResNet-18: the losses of each step and the weights afterwards.
Arguments: the state dict to start from (safetensors), output, a json list of steps {"seed", "images", "boxes", "labels"}.
"""
import json
import sys

import cv2
import torch
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone

import common

start, out, plan = sys.argv[1:]

body = resnet_fpn_backbone(backbone_name="resnet18", weights=None, norm_layer=torch.nn.BatchNorm2d, trainable_layers=5)
model = FasterRCNN(body, num_classes=3, min_size=96, max_size=160)
model.load_state_dict(common.load_safetensors(start))
model.train()
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.01, momentum=0.9, weight_decay=1e-4)

result = {}
with open(plan) as file:
    steps = json.load(file)
for number, step in enumerate(steps):
    images = [torch.from_numpy(cv2.imread(path)[:, :, ::-1].copy()).permute(2, 0, 1).float() / 255 for path in step["images"]]
    targets = [
        {"boxes": torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4), "labels": torch.tensor(labels, dtype=torch.int64)}
        for boxes, labels in zip(step["boxes"], step["labels"])
    ]
    torch.manual_seed(step["seed"])
    losses = model(images, targets)
    optimizer.zero_grad(set_to_none=True)
    sum(losses.values()).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    result.update({f"{number}.{name}": value for name, value in losses.items()})

state = model.state_dict()
for name in (
        "backbone.body.conv1.weight", "backbone.body.bn1.running_var",
        "rpn.head.cls_logits.bias", "roi_heads.box_predictor.cls_score.weight"):
    result[name] = state[name]
common.save(out, result)
