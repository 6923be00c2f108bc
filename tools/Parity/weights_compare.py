"""weights_compare.py FILE EXPECTED: checks that our safetensors file holds exactly the tensors of the other, and prints its metadata
as JSON."""
import json
import struct
import sys

from common import read_safetensors, torch

tensors, metadata = read_safetensors(sys.argv[1])
expected, _ = read_safetensors(sys.argv[2])
assert tensors.keys() == expected.keys(), tensors.keys() ^ expected.keys()
for name, tensor in tensors.items():
    assert tensor.dtype == expected[name].dtype and torch.equal(tensor, expected[name]), name

with open(sys.argv[1], "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
assert length % 8 == 0, length
for name, tensor in tensors.items():
    assert header[name]["data_offsets"][0] % tensor.element_size() == 0, name
print(json.dumps(metadata))
