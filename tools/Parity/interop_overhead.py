"""Prints the nanoseconds of one add of two 4-element tensors, the best of some rounds."""
import timeit

import torch

torch.set_num_threads(1)
a, b = torch.ones(4), torch.ones(4)
rounds = timeit.repeat("a + b", globals=globals(), number=20000, repeat=7)
print(min(rounds) / 20000 * 1e9)
