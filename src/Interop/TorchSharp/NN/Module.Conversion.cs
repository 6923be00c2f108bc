using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public partial class Module
            {
                private static readonly Op setData = new("aten::set_data");

                /// <summary>
                /// Moves and converts every parameter, gradient and buffer. The tensor objects stay the same, with new contents,
                /// so that fields, optimizers and whoever else holds one keep seeing the module's own.
                /// </summary>
                internal Module ConvertTo(Device? device, ScalarType? dtype, bool non_blocking)
                {
                    if (dtype is { } type && !type.IsFloatingPoint())
                        throw new ArgumentException($"A module can be converted to a floating-point type only, not to {type}.", nameof(dtype));
                    using var _ = no_grad();
                    foreach (Tensor tensor in parameters().Concat(buffers()))
                    {
                        using Tensor? gradient = tensor.grad;
                        Convert(tensor, device, dtype, non_blocking);
                        if (gradient is not null)
                            Convert(gradient, device, dtype, non_blocking);
                    }
                    return this;
                }

                private static void Convert(Tensor tensor, Device? device, ScalarType? dtype, bool non_blocking)
                {
                    ScalarType targetType = tensor.dtype.IsFloatingPoint() ? dtype ?? tensor.dtype : tensor.dtype;
                    using Tensor converted = tensor.to(targetType, device ?? tensor.device, non_blocking: non_blocking);
                    setData.Run(tensor, converted);
                }
            }
        }
    }

    public static class ModuleExtensionMethods
    {
        public static T to<T>(this T module, ScalarType type, bool non_blocking = false) where T : nn.Module =>
            (T)module.ConvertTo(null, type, non_blocking);

        public static T to<T>(this T module, Device device, ScalarType type, bool non_blocking = false) where T : nn.Module =>
            (T)module.ConvertTo(device, type, non_blocking);

        public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module =>
            (T)module.ConvertTo(new Device(deviceType, deviceIndex), null, non_blocking);

        public static T to<T>(this T module, Device device, bool non_blocking = false) where T : nn.Module =>
            (T)module.ConvertTo(device, null, non_blocking);

        public static T to<T>(this T module, string device, bool non_blocking = false) where T : nn.Module =>
            (T)module.ConvertTo(new Device(device), null, non_blocking);

        public static T cpu<T>(this T module, bool non_blocking = false) where T : nn.Module =>
            module.to(DeviceType.CPU, -1, non_blocking);

        public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module =>
            module.to(DeviceType.CUDA, deviceIndex, non_blocking);

        public static T half<T>(this T module, bool non_blocking = false) where T : nn.Module => module.to(ScalarType.Float16, non_blocking);

        public static T bfloat16<T>(this T module, bool non_blocking = false) where T : nn.Module => module.to(ScalarType.BFloat16, non_blocking);

        public static T @float<T>(this T module, bool non_blocking = false) where T : nn.Module => module.to(ScalarType.Float32, non_blocking);

        public static T @double<T>(this T module, bool non_blocking = false) where T : nn.Module => module.to(ScalarType.Float64, non_blocking);
    }
}
