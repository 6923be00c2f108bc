"""train_classifier.py START BATCHES SMOOTHING OUT: three SGD steps of torchvision's ResNet-18 on given batches, with its losses and
weights."""
import sys

import torch
import torchvision

from common import load_safetensors, save

start, batches = load_safetensors(sys.argv[1]), load_safetensors(sys.argv[2])
model = torchvision.models.resnet18(num_classes=start["fc.bias"].numel())
model.load_state_dict(start)
model.train()
optimizer = torch.optim.SGD(model.parameters(), 0.001, momentum=0.9, weight_decay=1e-4)
criterion = torch.nn.CrossEntropyLoss(label_smoothing=float(sys.argv[3]))
mean = torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1)
std = torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1)
result = {}
for step in range(3):
    images = (batches[f"images.{step}"] - mean) / std
    loss = criterion(model(images), batches[f"targets.{step}"])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    result[f"{step}.loss"] = loss.detach()
result.update(model.state_dict())
save(sys.argv[4], result)
