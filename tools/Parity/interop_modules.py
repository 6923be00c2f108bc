"""Every module and function that src/Interop/TorchSharp/NN offers: initial values, output and gradients. Usage: OUT.pth"""
import sys

import torch
import torch.nn.functional as F
from torch import nn

from common import save

results = {}


def module(name, make, *shape, train=True, inputs=None):
    """Weights drawn from seed 1; the gradient of Σ y · cos(0, 1, 2, …) then gives every position its own weight."""
    torch.manual_seed(1)
    tested = make()
    tested.train(train)
    for key, value in tested.state_dict().items():
        results[f"{name}/initial/{key}"] = value.clone()
    x = torch.randn(*shape) if inputs is None else inputs
    results[f"{name}/x"] = x.clone()
    check(name, lambda: tested(x), x)
    for key, value in tested.named_parameters():
        results[f"{name}/gradient/{key}"] = value.grad
    for key, value in tested.named_buffers():
        results[f"{name}/buffer/{key}"] = value


def function(name, call, *inputs):
    for i, value in enumerate(inputs):
        results[f"{name}/x{i}"] = value.clone()
    check(name, lambda: call(*inputs), inputs[0])


def check(name, call, x):
    x.requires_grad_(x.is_floating_point())
    y = call()
    results[f"{name}/y"] = y
    if y.requires_grad:
        (y * torch.cos(torch.arange(y.numel(), dtype=torch.float32)).reshape(y.shape)).sum().backward()
    if x.grad is not None:
        results[f"{name}/gradient"] = x.grad


module("conv2d", lambda: nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), 2, 4, 9, 8)
module("conv2d_pair", lambda: nn.Conv2d(3, 5, (1, 3), stride=(2, 1), padding=(0, 1), dilation=(1, 2), bias=False), 2, 3, 7, 9)
module("conv2d_same", lambda: nn.Conv2d(3, 5, (3, 4), padding="same"), 1, 3, 6, 7)
module("conv2d_reflect", lambda: nn.Conv2d(3, 5, 3, padding=(1, 2), padding_mode="reflect"), 1, 3, 6, 7)
module("conv2d_circular_same", lambda: nn.Conv2d(3, 5, (3, 4), padding="same", padding_mode="circular"), 1, 3, 6, 7)
module("conv_transpose2d", lambda: nn.ConvTranspose2d(4, 6, 2, stride=2), 2, 4, 5, 6)
module("conv_transpose2d_odd", lambda: nn.ConvTranspose2d(4, 6, (3, 2), stride=(2, 3), padding=1, output_padding=(1, 0), groups=2, dilation=(1, 2)), 1, 4, 5, 6)
module("linear", lambda: nn.Linear(7, 5), 3, 7)
module("linear_without_bias", lambda: nn.Linear(7, 5, bias=False), 3, 7)
module("batch_norm_training", lambda: nn.BatchNorm2d(4), 3, 4, 5, 6)
module("batch_norm_evaluation", lambda: nn.BatchNorm2d(4, eps=1e-3), 3, 4, 5, 6, train=False)
module("batch_norm_untracked", lambda: nn.BatchNorm2d(4, track_running_stats=False), 3, 4, 5, 6, train=False)
module("batch_norm_plain", lambda: nn.BatchNorm2d(4, momentum=0.3, affine=False), 3, 4, 5, 6)
module("group_norm", lambda: nn.GroupNorm(2, 6), 2, 6, 4, 3)
module("layer_norm", lambda: nn.LayerNorm([4, 3]), 2, 6, 4, 3)
module("embedding", lambda: nn.Embedding(9, 4, padding_idx=2), inputs=torch.tensor([[1, 2, 3], [8, 1, 0]]))
module("max_pool2d", lambda: nn.MaxPool2d(3, stride=2, padding=1), 2, 3, 8, 7)
module("max_pool2d_ceil", lambda: nn.MaxPool2d(2, ceil_mode=True), 2, 3, 7, 5)
module("avg_pool2d", lambda: nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False), 2, 3, 8, 7)
module("adaptive_avg_pool2d", lambda: nn.AdaptiveAvgPool2d((3, 2)), 2, 3, 8, 7)
module("upsample_nearest", lambda: nn.Upsample(scale_factor=(2.5, 2.5)), 1, 2, 5, 4)
module("upsample_bilinear", lambda: nn.Upsample(size=(9, 11), mode="bilinear", align_corners=True), 1, 2, 5, 4)
module("relu", nn.ReLU, 4, 5)
module("relu6", nn.ReLU6, 4, 5)
module("silu", nn.SiLU, 4, 5)
module("hardswish", nn.Hardswish, 4, 5)
module("hardsigmoid", nn.Hardsigmoid, 4, 5)
module("gelu", nn.GELU, 4, 5)
module("gelu_tanh", lambda: nn.GELU("tanh"), 4, 5)
module("sigmoid", nn.Sigmoid, 4, 5)
module("softmax", lambda: nn.Softmax(1), 4, 5)
module("dropout", lambda: nn.Dropout(0.4), 4, 5, train=False)
module("flatten", nn.Flatten, 2, 3, 4)
module("identity", nn.Identity, 2, 3)
module("sequential", lambda: nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Sequential(nn.Flatten(), nn.Linear(36, 2))), 2, 3, 5, 5)

torch.manual_seed(2)
image, wide = torch.randn(2, 3, 6, 7), torch.randn(2, 3, 12, 13)
function("interpolate_nearest", lambda x: F.interpolate(x, size=(11, 4)), image.clone())
function("interpolate_nearest_factor", lambda x: F.interpolate(x, scale_factor=(1.7, 2.3)), image.clone())
function("interpolate_nearest_exact", lambda x: F.interpolate(x, size=(11, 4), mode="nearest-exact"), image.clone())
function("interpolate_bilinear", lambda x: F.interpolate(x, size=(11, 4), mode="bilinear", align_corners=False), image.clone())
function("interpolate_bilinear_factor", lambda x: F.interpolate(x, scale_factor=(1.7, 2.3), mode="bilinear"), image.clone())
function("interpolate_bilinear_recomputed", lambda x: F.interpolate(x, scale_factor=(1.7, 2.3), mode="bilinear", recompute_scale_factor=True), image.clone())
function("interpolate_antialias", lambda x: F.interpolate(x, size=(5, 4), mode="bilinear", antialias=True), wide.clone())
function("interpolate_bicubic", lambda x: F.interpolate(x, size=(11, 9), mode="bicubic"), image.clone())
function("interpolate_area", lambda x: F.interpolate(x, size=(5, 4), mode="area"), wide.clone())
function("interpolate_linear", lambda x: F.interpolate(x, size=9, mode="linear"), torch.randn(2, 3, 5))
function("interpolate_trilinear", lambda x: F.interpolate(x, size=(3, 5, 4), mode="trilinear"), torch.randn(1, 2, 4, 3, 3))
function("pad_constant", lambda x: F.pad(x, (1, 2, 3, 0), value=0.5), image.clone())
function("pad_replicate", lambda x: F.pad(x, (1, 2, 3, 0), mode="replicate"), image.clone())
function("grid_sample", lambda x, g: F.grid_sample(x, g, align_corners=False), image.clone(), torch.rand(2, 4, 5, 2) * 2.4 - 1.2)
function("grid_sample_nearest_border", lambda x, g: F.grid_sample(x, g, mode="nearest", padding_mode="border", align_corners=True), image.clone(), torch.rand(2, 4, 5, 2) * 2.4 - 1.2)
function("grid_sample_reflection", lambda x, g: F.grid_sample(x, g, padding_mode="reflection", align_corners=False), image.clone(), torch.rand(2, 4, 5, 2) * 3 - 1.5)
function("unfold", lambda x: F.unfold(x, (3, 2), dilation=(1, 2), padding=1, stride=2), image.clone())
function("normalize", lambda x: F.normalize(x), image.clone())
function("leaky_relu", lambda x: F.leaky_relu(x, 0.2), image.clone())
function("softmax_double", lambda x: F.softmax(x, 1, dtype=torch.float64), image.clone())
function("log_softmax", lambda x: F.log_softmax(x, 1), image.clone())
function("one_hot", lambda x: F.one_hot(x, 5), torch.tensor([[0, 4], [2, 1]]))
classes = torch.tensor([1, 0, 3, 2, 255, 3])
function("cross_entropy", lambda x, t, w: F.cross_entropy(x, t, w, ignore_index=255, label_smoothing=0.1), torch.randn(6, 4), classes, torch.rand(4))
function("cross_entropy_sum", lambda x, t: F.cross_entropy(x, t, ignore_index=255, reduction="sum"), torch.randn(6, 4), classes)
function("nll_loss", lambda x, t: F.nll_loss(x, t), torch.randn(3, 4), torch.tensor([1, 0, 3]))
function("binary_cross_entropy", lambda x, t: F.binary_cross_entropy(x, t), torch.rand(6, 4), torch.rand(6, 4))
function("binary_cross_entropy_with_logits", lambda x, t, w, p: F.binary_cross_entropy_with_logits(x, t, w, pos_weight=p, reduction="sum"),
         torch.randn(6, 4), torch.rand(6, 4), torch.rand(6, 4), torch.rand(4))
function("smooth_l1_loss", lambda x, t: F.smooth_l1_loss(x, t, reduction="none", beta=0.11), torch.randn(6, 4), torch.randn(6, 4))
function("l1_loss", lambda x, t: F.l1_loss(x, t), torch.randn(6, 4), torch.randn(6, 4))
function("mse_loss", lambda x, t: F.mse_loss(x, t, reduction="sum"), torch.randn(6, 4), torch.randn(6, 4))

save(sys.argv[1], results)
