namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Op batchNormOp = new("aten::batch_norm");
            private static readonly Op groupNormOp = new("aten::group_norm");
            private static readonly Op layerNormOp = new("aten::layer_norm");
            internal static readonly Op vectorNormOp = new("aten::linalg_vector_norm");

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                batchNormOp.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                groupNormOp.Call(input, num_groups, weight, bias, eps);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                layerNormOp.Call(input, normalized_shape, weight, bias, eps);

            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1, double eps = 1e-12)
            {
                using var scope = NewDisposeScope();
                Tensor length = vectorNormOp.Call(input, p, new[] { dim }, true).clamp_min(eps).expand_as(input);
                return (input / length).MoveToOuterDisposeScope();
            }
        }
    }
}
