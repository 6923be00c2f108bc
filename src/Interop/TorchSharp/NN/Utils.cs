using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class utils
        {
            private static readonly Op norms = new("aten::_foreach_norm.Scalar");
            private static readonly Op scale = new("aten::_foreach_mul_.Scalar");

            /// <summary>Scales all gradients alike so that together, as one vector, they are at most <paramref name="max_norm"/> long.</summary>
            /// <returns>Their length before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                Tensor[] gradients = Gradients(tensors);
                if (gradients.Length == 0)
                    return 0;
                // Gradients may lie on several devices; their norms meet on the first one's.
                Tensor[] each = norms.CallList(gradients, norm_type);
                Device device = each[0].device;
                Tensor together = torch.stack(each.Select(length => length.to(device)));
                double total = (double)functional.vectorNormOp.Call(together, norm_type);
                double coefficient = max_norm / (total + 1e-6);
                if (coefficient < 1)
                    scale.Run(gradients, coefficient);
                return total;
            }

            /// <summary>Cuts every gradient off at ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                foreach (Tensor gradient in Gradients(tensors))
                    Aten.clamp_.Run(gradient, -clip_value, clip_value);
            }

            private static Tensor[] Gradients(IEnumerable<Parameter> parameters) =>
                [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        }
    }
}
