namespace TorchSharp;

public static partial class torch
{
    public enum UpsampleMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
    }

    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
        NearestExact = 6,
    }

    public enum GridSampleMode
    {
        Nearest = 0,
        Bilinear = 2,
    }

    public enum GridSamplePaddingMode
    {
        Zeros = 0,
        Reflection = 1,
        Border = 2,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Op padOp = new("aten::pad");
            private static readonly Op gridSampleOp = new("aten::grid_sampler");
            private static readonly Op[] nearestOps = [new("aten::upsample_nearest1d.vec"), new("aten::upsample_nearest2d.vec"), new("aten::upsample_nearest3d.vec")];
            private static readonly Op[] nearestExactOps = [new("aten::_upsample_nearest_exact1d.vec"), new("aten::_upsample_nearest_exact2d.vec"), new("aten::_upsample_nearest_exact3d.vec")];
            private static readonly Op linearUpsampleOp = new("aten::upsample_linear1d.vec");
            private static readonly Op bilinearOp = new("aten::upsample_bilinear2d.vec");
            private static readonly Op bilinearAntialiasOp = new("aten::_upsample_bilinear2d_aa.vec");
            private static readonly Op bicubicOp = new("aten::upsample_bicubic2d.vec");
            private static readonly Op bicubicAntialiasOp = new("aten::_upsample_bicubic2d_aa.vec");
            private static readonly Op trilinearOp = new("aten::upsample_trilinear3d.vec");

            /// <summary>Resizes the spatial dimensions (all but the first two) to a size or by a factor.</summary>
            /// <remarks>A factor is given to the kernel as it is, not rounded to what the sizes make of it, unless <paramref name="recompute_scale_factor"/>.</remarks>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                int spatial = (int)x.dim() - 2;
                CheckInterpolation(x, size, scale_factor, mode, align_corners, antialias);
                if (scale_factor is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                    (size, scale_factor) = ([.. scale_factor.Select((factor, i) => (long)Math.Floor(x.shape[i + 2] * factor))], null);

                bool corners = align_corners ?? false;
                return (mode, spatial) switch
                {
                    (InterpolationMode.Nearest, _) => nearestOps[spatial - 1].Call(x, size, scale_factor),
                    (InterpolationMode.NearestExact, _) => nearestExactOps[spatial - 1].Call(x, size, scale_factor),
                    (InterpolationMode.Area, _) => adaptiveAvgPoolOps[spatial - 1].Call(x, size),
                    (InterpolationMode.Linear, 1) => linearUpsampleOp.Call(x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) => (antialias ? bilinearAntialiasOp : bilinearOp).Call(x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) => (antialias ? bicubicAntialiasOp : bicubicOp).Call(x, size, corners, scale_factor),
                    (InterpolationMode.Trilinear, 3) => trilinearOp.Call(x, size, corners, scale_factor),
                    _ => throw new ArgumentException($"{mode} interpolation does not apply to a tensor of {x.dim()} dimensions.", nameof(mode)),
                };
            }

            private static void CheckInterpolation(Tensor x, long[]? size, double[]? scale_factor, InterpolationMode mode, bool? align_corners, bool antialias)
            {
                int spatial = (int)x.dim() - 2;
                if (spatial is < 1 or > 3)
                    throw new ArgumentException($"Interpolation takes tensors of 3 to 5 dimensions, [N, C, ...]; this one has {x.dim()}.", nameof(x));
                if ((size is null) == (scale_factor is null))
                    throw new ArgumentException("Interpolation takes either a size or a scale factor.", nameof(size));
                if ((size?.Length ?? scale_factor!.Length) != spatial)
                    throw new ArgumentException($"The size or scale factor needs one number for each of the {spatial} spatial dimensions.", nameof(size));
                if (align_corners is not null && mode is InterpolationMode.Nearest or InterpolationMode.NearestExact or InterpolationMode.Area)
                    throw new ArgumentException($"{mode} interpolation has no corners to align.", nameof(align_corners));
                if (antialias && mode is not (InterpolationMode.Bilinear or InterpolationMode.Bicubic))
                    throw new ArgumentException($"Antialiasing is for bilinear and bicubic interpolation, not {mode}.", nameof(antialias));
            }

            /// <summary>Samples at normalised positions: (-1, -1) is the top left corner and (1, 1) the bottom right.</summary>
            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                // ATen numbers the modes otherwise than this enumeration.
                long interpolation = mode == GridSampleMode.Bilinear ? 0 : 1;
                long padding = padding_mode switch
                {
                    GridSamplePaddingMode.Border => 1,
                    GridSamplePaddingMode.Reflection => 2,
                    _ => 0,
                };
                return gridSampleOp.Call(input, grid, interpolation, padding, align_corners ?? false);
            }

            /// <summary>Pads from the last dimension backwards: two numbers for each dimension, before and after.</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Reflect => padOp.Call(input, pad, "reflect"),
                PaddingModes.Replicate => padOp.Call(input, pad, "replicate"),
                PaddingModes.Circular => padOp.Call(input, pad, "circular"),
                _ => padOp.Call(input, pad, "constant", value),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad.Item1, pad.Item2 }, mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad.Item1, pad.Item2, pad.Item3, pad.Item4 }, mode, value);
        }
    }
}
