using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op relu6Op = new("aten::relu6");
        private static readonly Op relu6InPlaceOp = new("aten::relu6_");
        private static readonly Op leakyReluOp = new("aten::leaky_relu");
        private static readonly Op leakyReluInPlaceOp = new("aten::leaky_relu_");
        private static readonly Op siluOp = new("aten::silu");
        private static readonly Op siluInPlaceOp = new("aten::silu_");
        private static readonly Op hardswishOp = new("aten::hardswish");
        private static readonly Op hardswishInPlaceOp = new("aten::hardswish_");
        private static readonly Op hardsigmoidOp = new("aten::hardsigmoid");
        private static readonly Op hardsigmoidInPlaceOp = new("aten::hardsigmoid_");
        private static readonly Op geluOp = new("aten::gelu");
        private static readonly Op geluInPlaceOp = new("aten::gelu_");

        public Tensor relu6() => relu6Op.Call(this);
        public Tensor relu6_() => InPlace(relu6InPlaceOp);
        public Tensor leaky_relu(Scalar negative_slope) => leakyReluOp.Call(this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => InPlace(leakyReluInPlaceOp, negative_slope);
        public Tensor silu() => siluOp.Call(this);
        public Tensor silu_() => InPlace(siluInPlaceOp);
        public Tensor hardswish() => hardswishOp.Call(this);
        public Tensor hardswish_() => InPlace(hardswishInPlaceOp);
        public Tensor hardsigmoid() => hardsigmoidOp.Call(this);
        public Tensor hardsigmoid_() => InPlace(hardsigmoidInPlaceOp);
        public Tensor gelu() => geluOp.Call(this);
        public Tensor gelu_() => InPlace(geluInPlaceOp);
        public Tensor gelu(GELU.Approximate approximate) => geluOp.Call(this, approximate.ToString());
        public Tensor gelu_(GELU.Approximate approximate) => InPlace(geluInPlaceOp, approximate.ToString());
    }
}
