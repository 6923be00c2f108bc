"""
A segmenter of torchvision at an odd size: weights, logits, and in double precision losses, gradients and running statistics.
Arguments: weights, output, the model's name.
"""
import sys

import torch
import torch.nn.functional as F
import torchvision

import common

weights, out, name = sys.argv[1:]
CLASSES = 7

torch.manual_seed(1)
options = {} if name.startswith("lraspp") else {"aux_loss": True}
model = getattr(torchvision.models.segmentation, name)(weights=None, weights_backbone=None, num_classes=CLASSES, **options)
common.move_norms_off_identity(model)
common.save(weights, model.state_dict())

images = torch.randn(2, 3, 65, 89)
labels = torch.randint(0, CLASSES, (2, 65, 89))
labels[:, 40:50] = 255
tensors = {"images": images, "labels": labels}

model.eval()
with torch.no_grad():
    tensors["logits"] = model(images)["out"]

model.double().train()
torch.manual_seed(2)
for key, logits in model(images.double()).items():
    tensors[key] = F.cross_entropy(logits, labels, ignore_index=255)
tensors["after"] = torch.rand(4)
(tensors["out"] + 0.5 * tensors.get("aux", 0)).backward()
tensors |= {"grad." + key: parameter.grad for key, parameter in model.named_parameters()}
tensors |= {"after." + key: value for key, value in model.named_buffers() if "running" in key}
common.save(out, tensors)
