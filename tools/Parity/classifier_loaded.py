"""classifier_loaded.py MODEL WEIGHTS IMAGES OUT: strictly loads a safetensors file of the toolkit into torchvision's model,
and writes the logits of the images."""
import json
import sys

import torch
import torchvision

from common import load_safetensors, read_safetensors, save

weights, metadata = read_safetensors(sys.argv[2])
model = getattr(torchvision.models, sys.argv[1])(num_classes=len(json.loads(metadata["categories"])))
model.load_state_dict(weights)
model.eval()
with torch.no_grad():
    save(sys.argv[4], {"logits": model(load_safetensors(sys.argv[3])["images"])})
