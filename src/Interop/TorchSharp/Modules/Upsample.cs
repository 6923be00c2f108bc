using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Upsample : nn.Module<Tensor, Tensor>
        {
            private readonly long[]? outputSize;
            private readonly double[]? factors;

            internal Upsample(long[]? size, double[]? scale_factor, UpsampleMode mode, bool? align_corners, bool? recompute_scale_factor) : base(nameof(Upsample)) =>
                (outputSize, factors, this.mode, this.align_corners, this.recompute_scale_factor) =
                (size, scale_factor, mode, align_corners, recompute_scale_factor);

            public ReadOnlySpan<long> size => outputSize;

            public ReadOnlySpan<double> scale_factor => factors;

            public UpsampleMode mode { get; }

            public bool? align_corners { get; }

            public bool? recompute_scale_factor { get; set; }

            // UpsampleMode numbers its modes as InterpolationMode does.
            public override Tensor forward(Tensor input) =>
                nn.functional.interpolate(input, outputSize, factors, (InterpolationMode)mode, align_corners, recompute_scale_factor ?? false);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Upsample Upsample(long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool? align_corners = null, bool? recompute_scale_factor = null) =>
                new(size, scale_factor, mode, align_corners, recompute_scale_factor);
        }
    }
}
