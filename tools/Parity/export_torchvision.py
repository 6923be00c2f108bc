#!/usr/bin/python3
"""torchvision's own ONNX export of one of its models with random weights: export_torchvision.py MODEL HxW FILE."""
import sys, warnings
import torch, torchvision

warnings.filterwarnings("ignore")
name, size, path = sys.argv[1:]
height, width = map(int, size.split("x"))
detects = hasattr(torchvision.models.detection, name)
home = next(home for home in (torchvision.models.detection, torchvision.models.segmentation, torchvision.models) if hasattr(home, name))
weights = {"weights": None} if home is torchvision.models else {"weights": None, "weights_backbone": None}
torch.manual_seed(0)
model = getattr(home, name)(**weights).eval()
with torch.no_grad():
    for tensor in (*model.parameters(), *model.buffers()):
        if tensor.is_floating_point():
            tensor += 1e-3 * torch.rand_like(tensor)    # equal tensors would become one, which OpenCV cannot read
image = torch.rand(3, height, width)
torch.onnx.export(model, ([image],) if detects else image[None], path, opset_version=16)
