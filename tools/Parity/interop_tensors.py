"""The tensor operators of src/Interop/TorchSharp/Tensor, one named case each, as in tests/Interop/Tensors/TensorParityTests.cs. Usage: OUT.pth"""
import sys

import torch
from common import save

torch.manual_seed(3)
a, b = torch.randn(3, 4), torch.randn(3, 4)
row, column = torch.randn(4), torch.randn(3, 1)
cube = torch.randn(2, 3, 5)
i, j = torch.tensor([[3, -7, 2], [0, 5, -4]]), torch.tensor([2, -3, 4])
mask = a > 0.2
picks = torch.tensor([2, 0, 2])
odd = torch.tensor([1.5, -2.5, float("nan"), float("inf"), float("-inf"), 0.5])
ties = torch.tensor([[2., 1., 2., 0.], [0., 0., 3., 3.], [1., 1., 1., 1.]])
bytes_ = torch.tensor([250, 10, 3], dtype=torch.uint8)
inputs = dict(a=a, b=b, row=row, column=column, cube=cube, i=i, j=j, mask=mask, picks=picks, odd=odd, ties=ties, bytes=bytes_)


def changed(tensor, change):
    """What an in-place operation makes of a copy."""
    tensor = tensor.clone()
    change(tensor)
    return tensor


def put(tensor, index, value):
    tensor[index] = value


results = {
    # Factories
    "zeros": torch.zeros(2, 3), "ones": torch.ones(2, dtype=torch.int64), "full": torch.full((2, 2), 7.5), "eye": torch.eye(3, 4),
    "arange": torch.arange(5), "arange_step": torch.arange(1.0, 3.0, 0.5), "arange_down": torch.arange(5, 0, -2), "linspace": torch.linspace(-1, 1, 7),
    "zeros_like": torch.zeros_like(i), "full_like": torch.full_like(a, 3), "scalar": torch.tensor(2.5), "matrix": torch.tensor([[1, 2], [3, 4], [5, 6]]),
    # Arithmetic, broadcast, promotion
    "add": a + b, "add_row": a + row, "add_column": a + column, "outer": row + column, "add_int": a + i[0, 0], "add_number": a + 2, "number_minus": 2 - a,
    "subtract": a - row, "multiply": a * column, "divide": a / b, "divide_ints": i / j, "floor_divide": i // j, "remainder": i % j, "number_over": 1 / a,
    "add_alpha": torch.add(a, b, alpha=-0.5), "power": a.abs() ** 1.5, "square": a ** 2, "negate": -a, "int_plus_float": i + 0.5, "bytes_wrap": bytes_ + bytes_,
    "bytes_plus_int": bytes_ + 300, "bool_plus": mask + a, "half_plus": a.half() + 1, "addcmul": torch.addcmul(a, a, b, value=0.3), "addcdiv": torch.addcdiv(a, a, b, value=0.3),
    "lerp": torch.lerp(a, b, column), "maximum": torch.maximum(a, b), "minimum": torch.minimum(a, row), "clamp": a.clamp(-0.5, 0.7), "clamp_min": a.clamp(min=0.1),
    "matmul": a @ b.t(), "matmul_batch": cube @ cube.transpose(1, 2), "dot": row.dot(row),
    # Pointwise
    "abs": a.abs(), "exp": a.exp(), "log": a.abs().log(), "sqrt": a.abs().sqrt(), "rsqrt": a.abs().rsqrt(), "floor": a.floor(), "ceil": a.ceil(), "round": odd.round(),
    "trunc": a.trunc(), "sign": a.sign(), "sigmoid": a.sigmoid(), "tanh": a.tanh(), "relu": a.relu(), "sin": a.sin(), "cos": a.cos(), "atan2": torch.atan2(a, b),
    "log1p": a.abs().log1p(), "expm1": a.expm1(), "reciprocal": a.reciprocal(), "isnan": odd.isnan(), "isinf": odd.isinf(), "isfinite": odd.isfinite(),
    "nan_to_num": odd.nan_to_num(-1, 9, -9), "softmax": a.softmax(1), "log_softmax": a.log_softmax(0),
    # Comparison and logic
    "greater": a > b, "greater_number": a > 0.1, "at_most": a <= row, "equal": i == 5, "unequal": i != j, "less": a < column, "at_least": a >= b,
    "and": mask & (b > 0), "or": mask | (b > 0), "xor": mask ^ (b > 0), "not": ~mask, "logical_not": i.logical_not(), "logical_and": i.logical_and(j),
    # In place
    "add_": changed(a, lambda t: t.add_(b)), "add_alpha_": changed(a, lambda t: t.add_(b, alpha=2)), "mul_": changed(a, lambda t: t.mul_(0.5)), "sub_": changed(a, lambda t: t.sub_(row)),
    "div_": changed(a, lambda t: t.div_(3)), "zero_": changed(a, lambda t: t.zero_()), "fill_": changed(i, lambda t: t.fill_(4)), "clamp_": changed(a, lambda t: t.clamp_(0, 1)),
    "copy_": changed(a, lambda t: t.copy_(row)), "exp_": changed(a, lambda t: t.exp_()), "relu_": changed(a, lambda t: t.relu_()), "row_in_place": changed(a, lambda t: t[1].add_(1)),
    "masked_fill_": changed(a, lambda t: t.masked_fill_(mask, -1)), "lerp_": changed(a, lambda t: t.lerp_(b, torch.tensor(0.25))),
    # Indexing
    "index_one": a[1], "index_two": a[1, 2], "index_negative": a[-1], "slice": a[1:], "slice_both": a[0:2, 1:3], "slice_end": a[:, :-1], "slice_step": cube[:, ::2, 1::3],
    "ellipsis": cube[..., 1], "new_axis": a[:, None], "index_tensor": a[picks], "index_column": a[:, picks], "index_pairs": a[picks, torch.tensor([1, 3, 0])],
    "index_mask": a[mask], "index_row_mask": a[torch.tensor([True, False, True])], "index_mixed": cube[1, picks, 2:], "index_apart": cube[torch.tensor([0, 1]), :, torch.tensor([4, 2])],
    "set_slice": changed(a, lambda t: put(t, (slice(None), slice(1, 3)), 9)), "set_row": changed(a, lambda t: put(t, 1, row)), "set_mask": changed(a, lambda t: put(t, mask, 0)),
    "set_picks": changed(a, lambda t: put(t, picks[:2], b[:2])), "set_element": changed(a, lambda t: put(t, (2, 3), 5)),
    "index_put_add": changed(a, lambda t: t.index_put_((picks,), b, accumulate=True)), "index_select": cube.index_select(1, picks), "index_add_": changed(a, lambda t: t.index_add_(0, picks, b, alpha=2)),
    "gather": a.gather(1, torch.tensor([[0, 3], [1, 1], [2, 0]])), "scatter": a.scatter(1, torch.tensor([[0, 3], [1, 2], [2, 0]]), b), "scatter_add": a.clone().scatter_add_(0, torch.tensor([[0, 0, 2, 2]]), b),
    "masked_select": a.masked_select(mask), "nonzero": mask.nonzero(), "where": torch.where(mask, a, b), "where_broadcast": torch.where(mask, column, row), "take_where": mask.nonzero(as_tuple=True)[1],
    # Shape
    "reshape": a.reshape(2, -1), "view": cube.view(6, 5), "flatten": cube.flatten(1), "squeeze": column.squeeze(1), "squeeze_all": column.unsqueeze(0).squeeze(), "unsqueeze": row.unsqueeze(-1),
    "permute": cube.permute(2, 0, 1), "transpose": cube.transpose(0, 2), "t": a.t(), "expand": column.expand(3, 4), "expand_minus": column.expand(-1, 4), "repeat": a.repeat(2, 1, 3), "flip": a.flip(1),
    "repeat_interleave": row.repeat_interleave(2), "roll": a.roll([1], [1]), "narrow": a.narrow(1, 1, 2), "unbind": a.unbind(1)[2], "split": cube.split(2, 1)[1], "split_sizes": cube.split([1, 4], 2)[1], "chunk": cube.chunk(2, 2)[1],
    "as_strided": a.as_strided((2, 2), (3, 2), 1), "tril": a.tril(), "triu": a.triu(1), "diagonal": a.diagonal(),
    "cat": torch.cat([a, b], 1), "stack": torch.stack([a, b], 1), "meshgrid": torch.meshgrid(row, column[:, 0], indexing="ij")[1], "einsum": torch.einsum("ij,kj->ik", a, b),
    # Reductions
    "sum": a.sum(), "sum_dim": a.sum(1), "sum_dims": cube.sum([0, 2]), "sum_keep": a.sum(0, keepdim=True), "sum_bool": mask.sum(), "sum_type": i.sum(dtype=torch.float64), "mean": a.mean(), "mean_dims": cube.mean([1, 2], keepdim=True),
    "std": a.std(), "var_biased": a.var(unbiased=False), "norm": a.norm(), "prod": row.prod(), "all": mask.all(), "any_dim": mask.any(1), "max": a.max(), "max_values": a.max(1).values, "max_indices": ties.max(1).indices, "min_indices": ties.min(0).indices,
    "max_nan": odd.max(), "amax": cube.amax([1, 2]), "argmax": a.argmax(), "argmax_dim": ties.argmax(1), "argmin_keep": a.argmin(1, keepdim=True), "argsort_descending": a.argsort(1, descending=True),
    "sort": a.sort(1).values, "sort_stable": torch.sort(ties, dim=1, descending=True, stable=True).indices, "topk": a.topk(2, 1).values, "topk_indices": a.topk(2, 1).indices, "topk_smallest": a.topk(3, 0, largest=False).values,
    "cumsum": a.cumsum(1), "logsumexp": a.logsumexp(1), "count_nonzero": mask.count_nonzero(), "bincount": picks.bincount(minlength=5), "unique": i.unique(), "unique_inverse": picks.unique(return_inverse=True)[1],
    "searchsorted": torch.searchsorted(torch.tensor([0., 1., 2.]), torch.tensor([-1., 0., 1.5, 9.]), right=True),
    # Types
    "to_int": a.to(torch.int32), "to_half": a.half(), "to_bfloat16": a.bfloat16(), "to_bool": i.bool(), "to_double": a.double(), "type_as": i.type_as(a), "half_to_float": (a * 1000).half().float(),
}

save(sys.argv[1], {**{f"input/{name}": value for name, value in inputs.items()}, **{f"case/{name}": value for name, value in results.items()}})
