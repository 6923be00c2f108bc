namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long dim() => Libtorch.vt_tensor_dim(Handle);

        public long ndim => dim();

        public long Dimensions => dim();

        public long numel() => Libtorch.vt_tensor_numel(Handle);

        public long NumberOfElements => numel();

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[dim()];
                fixed (long* to = sizes) Libtorch.vt_tensor_sizes(Handle, to);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            long[] sizes = shape;
            int index = dim < 0 ? dim + sizes.Length : dim;
            if ((uint)index >= (uint)sizes.Length)
                throw new IndexOutOfRangeException($"Dimension out of range (expected to be in range of [{-sizes.Length}, {sizes.Length - 1}], but got {dim})");
            return sizes[index];
        }

        public unsafe long[] stride()
        {
            var strides = new long[dim()];
            fixed (long* to = strides) Libtorch.vt_tensor_strides(Handle, to);
            return strides;
        }

        public long stride(int dim)
        {
            long[] strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        public long storage_offset() => Libtorch.vt_tensor_storage_offset(Handle);

        public ScalarType dtype => (ScalarType)Libtorch.vt_tensor_dtype(Handle);

        public Device device => new(Libtorch.vt_tensor_device(Handle));

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_contiguous() => Libtorch.vt_tensor_is_contiguous(Handle, 0) != 0;

        public bool is_floating_point() => dtype.IsFloatingPoint();

        public bool is_integral() => dtype.IsIntegral();

        public long element_size() => dtype.ElementSize();

        public long ElementSize => element_size();

        public override string ToString() =>
            IsInvalid ? "(disposed tensor)" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
    }
}
