"""Makes a randomly initialized detector robust against rounding: without it, the network's outputs are nearly the same at every
position."""
import torch
import torchvision


def spread(layer, deviation):
    """Scales and centers a layer's outputs on its first run."""
    def adjust(layer, inputs, outputs):
        handle.remove()
        if outputs.shape[2:] == (1, 1):
            return None  # a squeeze of a few images: dividing by their small deviation would amplify rounding
        channels = outputs.transpose(0, 1).flatten(1)
        mean, factor = channels.mean(1), deviation / channels.std(1)
        transposed = isinstance(layer, torch.nn.ConvTranspose2d)
        layer.weight.mul_(factor.view(*[1] * transposed, -1, *[1] * (layer.weight.dim() - 1 - transposed)))
        layer.bias.copy_((layer.bias - mean) * factor)
        places = (-1, *[1] * (outputs.dim() - 2))
        return (outputs - mean.view(places)) * factor.view(places)  # the layer's new output, without running it again
    handle = layer.register_forward_hook(adjust)


def fit_norms(model, run):
    """Sets the batch normalization statistics of a part to those of its inputs."""
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for module in norms:
        module.train().momentum = 1.0
    run()
    for module in norms:
        module.eval().momentum = 0.1


def fit(model, images, deviations):
    """
    Makes weights as if trained: statistics that fit the images, and outputs that vary over positions with the given deviations
    (else 1).
    """
    with torch.no_grad():
        batch, _ = model.eval().transform(images)
        for block in model.modules():
            # Branches that add little to the shortcut, as after training; otherwise rounding errors would grow from block to block.
            if isinstance(block, torchvision.models.resnet.Bottleneck):
                block.bn3.weight.fill_(0.2)
            elif isinstance(block, torchvision.models.resnet.BasicBlock):
                block.bn2.weight.fill_(0.2)
            elif isinstance(block, torchvision.models.mobilenetv3.InvertedResidual) and block.use_res_connect:
                block.block[-1][1].weight.fill_(0.2)
        fit_norms(model.backbone, lambda: model.backbone(batch.tensors))
        for name, layer in model.named_modules():
            if isinstance(layer, (torch.nn.Conv2d, torch.nn.ConvTranspose2d, torch.nn.Linear)) and layer.bias is not None:
                spread(layer, deviations.get(name, 1))
        fit_norms(model.roi_heads, lambda: model(images))
