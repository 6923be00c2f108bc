namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values in place. Random numbers are drawn as PyTorch draws them, so equal seeds give equal weights.</summary>
        public static class init
        {
            private static readonly Op uniform = new("aten::uniform_");
            private static readonly Op normal = new("aten::normal_");
            private static readonly Op erf = new("aten::erf");
            private static readonly Op erfinv = new("aten::erfinv_");

            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1 + param * param)),
                _ => 1.0,
            };

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                if (tensor.shape is not [long outputs, long inputs, .. long[] kernel])
                    throw new ArgumentException($"Fan-in and fan-out need at least two dimensions; the tensor has {tensor.dim()}.", nameof(tensor));
                long window = kernel.Aggregate(1L, (product, size) => product * size);
                return (inputs * window, outputs * window);
            }

            public static Tensor constant_(Tensor tensor, Scalar val)
            {
                using var _ = no_grad();
                Aten.fill_.Run(tensor, val);
                return tensor;
            }

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
            {
                using var _ = no_grad();
                uniform.Run(tensor, low, high, generator);
                return tensor;
            }

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                using var _ = no_grad();
                normal.Run(tensor, mean, std, generator);
                return tensor;
            }

            /// <summary>Normal values within [a, b], by the inverse of the cumulative distribution of uniform ones.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0.0, double std = 1.0, double a = -2.0, double b = 2.0, Generator? generator = null)
            {
                using var _ = no_grad();
                double low = 2 * NormalCdf((a - mean) / std) - 1, high = 2 * NormalCdf((b - mean) / std) - 1;
                uniform.Run(tensor, low, high, generator);
                if (tensor.is_cpu() && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous())
                    unsafe { InverseErf.InPlace((float*)Libtorch.Checked(Libtorch.vt_tensor_data(tensor.Handle)), tensor.numel()); }
                else
                    erfinv.Run(tensor);
                Aten.mul__Scalar.Run(tensor, (std * Math.Sqrt(2.0)));
                Aten.add__Scalar.Run(tensor, mean);
                Aten.clamp_.Run(tensor, a, b);
                return tensor;
            }

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = Math.Sqrt(3.0) * KaimingStd(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingStd(tensor, a, mode, nonlinearity));

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                double bound = Math.Sqrt(3.0) * XavierStd(tensor, gain);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => normal_(tensor, 0, XavierStd(tensor, gain));

            private static double KaimingStd(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static double XavierStd(Tensor tensor, double gain)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            private static double NormalCdf(double x)
            {
                using Tensor argument = torch.tensor(x / Math.Sqrt(2.0), ScalarType.Float64);
                using Tensor value = erf.Call(argument);
                return (1 + value.item<double>()) / 2;
            }
        }
    }
}
