"""weights_files.py FOLDER: the same tensors in each of torch.save's formats, and as safetensors for comparison."""
import io
import pickle
import sys
import zipfile
from collections import OrderedDict

import numpy
from common import save_safetensors, torch

folder = sys.argv[1]
torch.manual_seed(0)

grid = torch.arange(24.).reshape(4, 6)
tensors = OrderedDict(
    float32=torch.randn(2, 3, 4), float64=torch.randn(5, dtype=torch.float64), float16=torch.randn(3, 3).half(),
    bfloat16=torch.randn(7).bfloat16(), int64=torch.tensor([-1, 2 ** 40]), int32=torch.tensor([[-5, 6]], dtype=torch.int32),
    int16=torch.tensor([-300, 300], dtype=torch.int16), int8=torch.tensor([-128, 127], dtype=torch.int8),
    uint8=torch.tensor([0, 255], dtype=torch.uint8), bool=torch.tensor([True, False, True]),
    scalar=torch.tensor(2.5), empty=torch.zeros(0, 4), whole=grid, transposed=grid.t(), column=grid[1:, 2:5:2],
    expanded=torch.tensor([[7.]]).expand(3, 2),
    parameter=torch.nn.Parameter(torch.randn(3)), channels_last=torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
)
tensors._metadata = OrderedDict(version=2)
save_safetensors(f"{folder}/expected.safetensors", tensors)

for protocol in 2, 3, 4, 5:
    torch.save(tensors, f"{folder}/zip{protocol}.pth", pickle_protocol=protocol)
    torch.save(tensors, f"{folder}/legacy{protocol}.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=False)

torch.save({
    "epoch": 12, "arch": "resnet20", "best_prec1": numpy.float64(91.5), "lr": 0.1, "done": True, "seed": 2 ** 70,
    "sizes": torch.Size([2]), "classes": {"a", "b"},
    "optimizer": {"state": {0: {"momentum_buffer": torch.ones(4)}}, "param_groups": [{"lr": 0.1, "params": [0]}]},
    "state_dict": OrderedDict(("module." + name, tensor) for name, tensor in tensors.items()),
}, f"{folder}/checkpoint.pth")

# A file of a big-endian machine: torch 1.13 cannot write one, so the storages' bytes are swapped here.
torch.save({"float32": tensors["float32"], "int16": tensors["int16"]}, f"{folder}/little.pth")
with zipfile.ZipFile(f"{folder}/little.pth") as little, zipfile.ZipFile(f"{folder}/big.pth", "w") as big:
    for name in little.namelist():
        data = little.read(name)
        if "/data/" in name:
            dtype = "<f4" if len(data) == 96 else "<i2"
            data = numpy.frombuffer(data, dtype).byteswap().tobytes()
        big.writestr(name, data)
    big.writestr(little.namelist()[0].split("/")[0] + "/byteorder", "big")


# PyTorch 0.x named a view of a storage in the persistent id; nothing writes that anymore.
class ViewPickler(pickle.Pickler):
    def persistent_id(self, obj):
        return ("storage", torch.FloatStorage, "root", "cpu", 24, obj.view) if isinstance(obj, View) else None


class View:
    def __init__(self, view):
        self.view = view


class ViewTensor:
    def __init__(self, *args):
        self.args = args

    def __reduce__(self):
        return torch._utils._rebuild_tensor, self.args


buffer = io.BytesIO()
for value in 0x1950a86a20f9469cfc6c, 1001, {"protocol_version": 1001, "little_endian": True}:
    pickle.dump(value, buffer, protocol=2)
ViewPickler(buffer, protocol=2).dump({
    "row": ViewTensor(View(("view", 6, 12)), 0, (6,), (1,)),
    "next": ViewTensor(View(("view", 6, 12)), 6, (6,), (1,)),
    "all": ViewTensor(View(None), 0, (4, 6), (6, 1)),
})
pickle.dump(["root"], buffer, protocol=2)
with open(f"{folder}/views.pth", "wb") as file:
    file.write(buffer.getvalue() + (24).to_bytes(8, "little") + grid.numpy().tobytes())
