"""torchvision's ResNet with strides replaced by dilation: state dict and the last two stages.
Arguments: weights, output, name, output stride."""
import sys

import torch
import torchvision

import common

weights, out, name, stride = sys.argv[1:]
torch.manual_seed(6)
model = getattr(torchvision.models, name)(replace_stride_with_dilation=[False, stride == "8", True])
torch.save(model.state_dict(), weights)
x = torch.randn(1, 3, 64, 96)
model.eval()
with torch.no_grad():
    y = model.maxpool(model.relu(model.bn1(model.conv1(x))))
    layer3 = model.layer3(model.layer2(model.layer1(y)))
    layer4 = model.layer4(layer3)
common.save(out, {"input": x, "layer3": layer3, "layer4": layer4})
