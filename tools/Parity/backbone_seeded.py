"""A backbone initialized from a seed, with norms that are not the identity: stages and logits in evaluation mode. Then, with weights from a
formula and in double precision, where rounding differences are far smaller than the effect of a mistake, logits and gradients in training.
Arguments: output, name, options of the constructor, size of the images, names of the modules that end stages."""
import sys

import torch
import torchvision

import common

out, name, variant, size, *ends = sys.argv[1:]
height, width = map(int, size.split("x"))
arguments = {
    "plain": {},
    "dilated": {"dilated": True},
    "frozen": {"norm_layer": torchvision.ops.FrozenBatchNorm2d},
}[variant]
torch.manual_seed(7)
model = getattr(torchvision.models, name)(**arguments)
tensors = {"random": torch.rand(4), "input": torch.randn(2, 3, height, width)}

common.move_norms_off_identity(model)


def keep(index):
    # A subsequent in-place ReLU changes the stored tensor in the same way as the stage.
    def hook(module, inputs, output):
        tensors[f"stage{index}"] = output.permute(0, 3, 1, 2) if name.startswith("swin") else output
    return hook


modules = dict(model.named_modules())
hooks = [modules[end].register_forward_hook(keep(i)) for i, end in enumerate(ends)]
model.eval()
with torch.no_grad():
    tensors["logits"] = model(tensors["input"])
for hook in hooks:
    hook.remove()

model.double().train()
common.fill(model)
torch.manual_seed(3)
logits = model(tensors["input"].double())
tensors["trained"] = logits
(logits * torch.cos(torch.arange(logits.numel(), dtype=torch.float64)).reshape(logits.shape)).sum().backward()
for key, parameter in model.named_parameters():
    tensors[f"grad.{key}"] = parameter.grad.flatten()[:1000]
for key, buffer in model.named_buffers():
    if "running" in key:
        tensors[f"after.{key}"] = buffer
common.save(out, tensors)
