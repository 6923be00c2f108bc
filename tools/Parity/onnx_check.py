"""Checks ONNX files by ONNX's own checker and strict shape inference, and prints a line for each: the shapes of its outputs.
Arguments: files."""
import sys

import onnx

for path in sys.argv[1:]:
    onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    shapes = [[d.dim_param or d.dim_value for d in output.type.tensor_type.shape.dim] for output in model.graph.output]
    print("; ".join(" ".join(map(str, shape)) for shape in shapes))
