"""Random numbers from seed 7, and from the state after some were drawn. Usage: OUT.pth"""
import sys

import torch
from common import save

torch.manual_seed(7)
results = {"rand": torch.rand(5), "randn": torch.randn(40), "randint": torch.randint(3, 90, (6,)), "randperm": torch.randperm(20)}
results["state"] = torch.get_rng_state()
results["after"] = torch.rand(3)
results["bernoulli"] = torch.nn.functional.dropout(torch.ones(50), 0.4)
generator = torch.Generator().manual_seed(11)
results["own"] = torch.randn(4, generator=generator)
save(sys.argv[1], results)
