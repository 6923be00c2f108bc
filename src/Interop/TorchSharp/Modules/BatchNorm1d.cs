using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
            { }

            private protected override void CheckDimensions(Tensor input)
            {
                if (input.dim() is not (2 or 3))
                    throw new ArgumentException($"BatchNorm1d takes [N, C] or [N, C, L]; got a tensor of {input.dim()} dimensions.", nameof(input));
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
