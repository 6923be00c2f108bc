using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous CPU tensor of at most 2 GiB.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                long count = numel() * element_size();
                if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
                if (count > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                if (!is_cpu()) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                return count == 0 ? default : new((void*)Libtorch.Checked(Libtorch.vt_tensor_data(Handle)), (int)count);
            }
            set
            {
                Span<byte> to = bytes;
                if (to.Length != value.Length) throw new ArgumentException($"Mismatched data sizes: the tensor has {to.Length} bytes, not {value.Length}.");
                value.CopyTo(to);
            }
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            RequireElement<T>();
            return new TensorAccessor<T>(is_cpu() ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            RequireElement<T>();
            using Tensor here = cpu();
            T value = here.First<T>();
            return value;
        }

        public Scalar ToScalar() => Aten._local_scalar_dense.CallScalar(this);

        public static explicit operator float(Tensor value) => (float)value.ToScalar().Number;
        public static explicit operator double(Tensor value) => value.ToScalar().Number;
        public static explicit operator int(Tensor value) => value.ToScalar().ToInt32();
        public static explicit operator long(Tensor value) => value.ToScalar().ToInt64();
        public static explicit operator bool(Tensor value) => value.ToScalar().ToBoolean();

        private unsafe T First<T>() where T : unmanaged => *(T*)Libtorch.Checked(Libtorch.vt_tensor_data(Handle));

        private void RequireElement<T>() where T : unmanaged
        {
            if (ScalarTypeFacts.Of(typeof(T)) != dtype) throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
        }
    }
}
