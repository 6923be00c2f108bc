"""Ten steps of every optimizer that src/Interop/TorchSharp/Optimizers offers, and initial values in place. Usage: OUT.pth"""
import sys

import torch
from torch import nn

from common import save

results = {}


def steps(name, make):
    """Three parameters, of which the last gets gradients from the fourth step on only."""
    torch.manual_seed(3)
    parameters = [nn.Parameter(torch.randn(*shape)) for shape in ((3, 4), (5,), (2, 2))]
    for i, parameter in enumerate(parameters):
        results[f"{name}/start/{i}"] = parameter.detach().clone()
    optimizer = make(parameters)
    for step in range(10):
        optimizer.zero_grad()
        used = parameters if step >= 3 else parameters[:2]
        sum((parameter.sin() * (i + 1 + 0.1 * step)).sum() for i, parameter in enumerate(used)).backward()
        optimizer.step()
    for i, parameter in enumerate(parameters):
        results[f"{name}/end/{i}"] = parameter


steps("sgd", lambda p: torch.optim.SGD(p, 0.1))
steps("sgd_momentum", lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=1e-2))
steps("sgd_dampening", lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, dampening=0.3, maximize=True, weight_decay=1e-2))
steps("sgd_nesterov", lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True))
steps("sgd_groups", lambda p: torch.optim.SGD([{"params": p[:1], "lr": 0.02, "weight_decay": 0}, {"params": p[1:]}], 0.1, momentum=0.9, weight_decay=1e-2))
steps("adam", lambda p: torch.optim.Adam(p, 0.05))
steps("adam_amsgrad", lambda p: torch.optim.Adam(p, 0.05, betas=(0.8, 0.9), eps=1e-4, weight_decay=1e-2, amsgrad=True))
steps("adamw", lambda p: torch.optim.AdamW(p, 0.05, weight_decay=1e-2))
steps("adamw_amsgrad", lambda p: torch.optim.AdamW(p, 0.05, weight_decay=1e-2, amsgrad=True, maximize=True))


def initial(name, fill, *shape):
    torch.manual_seed(4)
    tensor = torch.empty(*shape)
    fill(tensor)
    results[f"{name}"] = tensor


initial("kaiming_normal_", lambda t: nn.init.kaiming_normal_(t, mode="fan_out", nonlinearity="relu"), 6, 4, 3, 3)
initial("kaiming_uniform_", lambda t: nn.init.kaiming_uniform_(t, a=1), 6, 4, 3, 3)
initial("xavier_normal_", lambda t: nn.init.xavier_normal_(t, gain=2), 6, 5)
initial("xavier_uniform_", nn.init.xavier_uniform_, 6, 5)
initial("normal_", lambda t: nn.init.normal_(t, 1, 0.5), 40)
initial("uniform_", lambda t: nn.init.uniform_(t, -2, 3), 40)
initial("trunc_normal_", lambda t: nn.init.trunc_normal_(t, 0.5, 2, -1, 3), 400)

for norm in (2.0, 1.0, float("inf")):
    torch.manual_seed(5)
    parameters = [nn.Parameter(torch.zeros(*shape)) for shape in ((3, 4), (5,))]
    for i, parameter in enumerate(parameters):
        parameter.grad = torch.randn(parameter.shape)
        results[f"clip_{norm}/before/{i}"] = parameter.grad.clone()
    results[f"clip_{norm}/norm"] = nn.utils.clip_grad_norm_(parameters, 0.7, norm)
    for i, parameter in enumerate(parameters):
        results[f"clip_{norm}/after/{i}"] = parameter.grad

save(sys.argv[1], results)
