namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            private static readonly Op crossEntropyOp = new("aten::cross_entropy_loss");
            private static readonly Op binaryCrossEntropyOp = new("aten::binary_cross_entropy");
            private static readonly Op binaryCrossEntropyWithLogitsOp = new("aten::binary_cross_entropy_with_logits");
            private static readonly Op smoothL1Op = new("aten::smooth_l1_loss");
            private static readonly Op l1Op = new("aten::l1_loss");
            private static readonly Op mseOp = new("aten::mse_loss");
            private static readonly Op nllOp = new("aten::nll_loss_nd");
            private static readonly Op oneHotOp = new("aten::one_hot");

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                crossEntropyOp.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                binaryCrossEntropyOp.Call(input, target, weight, (long)reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                binaryCrossEntropyWithLogitsOp.Call(input, target, weight, pos_weights, (long)reduction);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                smoothL1Op.Call(input, target, (long)reduction, beta);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => l1Op.Call(input, target, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => mseOp.Call(input, target, (long)reduction);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                nllOp.Call(input, target, weight, (long)reduction);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => oneHotOp.Call(x, num_classes);
        }
    }
}
