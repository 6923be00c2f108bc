using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class BatchNorm2d : NormBase
        {
            internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d))
            { }

            public override Tensor forward(Tensor input)
            {
                if (input.dim() != 4)
                    throw new ArgumentException($"BatchNorm2d takes [N, C, H, W]; got a tensor of {input.dim()} dimensions.", nameof(input));
                bool byBatch = training || running_mean is null;
                // Without tracking, a training step neither reads nor changes what statistics there are.
                bool withRunning = !training || track_running_stats;
                return nn.functional.batch_norm(input, withRunning ? running_mean : null, withRunning ? running_var : null,
                    weight, bias, byBatch, CountBatch(), eps);
            }

            /// <summary>Counts a training batch, and gives its weight in the running statistics.</summary>
            private double CountBatch()
            {
                if (training && num_batches_tracked is { } count)
                {
                    count.add_(1);
                    return momentum ?? 1.0 / count.item<long>();
                }
                return momentum ?? 0;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
