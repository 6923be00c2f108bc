"""Code shared by the parity scripts. They run under Debian's Python (torch 1.13, torchvision 0.14) and take their arguments by position."""
import json
import math
import os
import struct

import torch

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count()))  # Debian's default is 1

DTYPES = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "I16": torch.int16, "I32": torch.int32, "I64": torch.int64,
    "F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32, "F64": torch.float64,
}


def load_safetensors(path):
    """The tensors of a safetensors file, as a dict of torch tensors."""
    return read_safetensors(path)[0]


def read_safetensors(path):
    """The tensors and the metadata. Written from the format's specification, to check our writer independently."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    body = bytearray(data[8 + length:])
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = DTYPES[entry["dtype"]]
        raw = (
            torch.frombuffer(body, dtype=torch.uint8, count=end - begin, offset=begin).clone() if end > begin
            else torch.empty(0, dtype=torch.uint8))
        tensors[name] = raw.view(dtype).reshape(entry["shape"])
    return tensors, metadata


def save_safetensors(path, tensors, metadata=None):
    """Writes a dict of tensors as safetensors."""
    names = {dtype: name for name, dtype in DTYPES.items()}
    header, chunks, offset = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        tensor = tensor.detach().cpu().contiguous()
        chunk = tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(chunk)]}
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def save(path, tensors):
    """Writes a dict of tensors with torch.save, contiguous and without gradients."""
    torch.save({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, path)


def watch_input(module, tensors):
    """
    Stores the first input of a backbone as "batch", since the two libraries' resizing differs in the last digits. The backbone computes in
    its own precision, whatever its input's.
    """
    def hook(module, inputs):
        tensors.setdefault("batch", inputs[0].clone())
        return (inputs[0].to(next(module.parameters()).dtype),)
    module.register_forward_pre_hook(hook)


def in_double(model):
    """
    Converts the model to double precision, where rounding does not matter: in single precision, rounding differences move activations
    near zero across the kink of a ReLU, and thus change gradients by hundredths. Some of torchvision's losses still have
    single-precision targets.
    """
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    torch.nn.functional.binary_cross_entropy_with_logits = (
        lambda input, target, *rest, **options: loss(input, target.to(input.dtype), *rest, **options))
    return model.double()


def move_norms_off_identity(model):
    """Gives norms and layer scales values that reveal mistakes, the same as tests/Backbones/Families/Families.cs."""
    for key, value in model.state_dict().items():
        if value.dim() > 1 and not key.endswith("layer_scale"):
            continue
        wave = torch.cos(torch.arange(value.numel(), dtype=torch.float64)).reshape(value.shape)
        if key.endswith("running_mean"):
            value.copy_(0.2 * wave)
        elif key.endswith("running_var"):
            value.copy_(1 + 0.5 * wave)
        elif key.endswith("layer_scale"):
            value.copy_(0.5 + 0.3 * wave)
        elif value.dim() == 1 and key.endswith(".weight"):
            value.copy_(1 + 0.3 * wave)
        elif value.dim() == 1 and key.endswith(".bias"):
            value.copy_(0.1 * wave)


PERIOD = 65537


def fill(model):
    """Sets all weights from a formula, identical to tests/Backbones/Families/Families.cs to the last digit."""
    index = torch.arange(PERIOD)
    noise = (index * index % PERIOD).to(torch.float32) / PERIOD - 0.5
    for key, value in model.state_dict().items():
        if value.dim() > 1 and value.is_floating_point() and not key.endswith("layer_scale"):
            repeated = noise.repeat((value.numel() + PERIOD - 1) // PERIOD)
            value.copy_(repeated[:value.numel()].reshape(value.shape)).mul_(math.sqrt(24 * value.shape[0] / value.numel()))
    move_norms_off_identity(model)
