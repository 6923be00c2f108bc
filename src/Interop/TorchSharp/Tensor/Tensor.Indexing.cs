using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => PutAt(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => PutAt(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => PutAt(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => PutAt(value, i1, i2, i3, i4);
        }

        public Tensor index(params Tensor[] indices) => Aten.index.Call(this, indices);

        public Tensor index(params TensorIndex[] indices)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor view, Tensor?[]? tensors) = Views(indices);
            Tensor result = tensors is null ? view : Aten.index.Call(view, tensors);
            return (ReferenceEquals(result, this) ? alias() : result).MoveToOuterDisposeScope();
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor view, Tensor?[]? tensors) = Views(indices);
            if (tensors is not null) Aten.index_put_.Run(view, tensors, value, accumulate);
            else if (accumulate) view.add_(value);
            else view.copy_(value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => InPlace(Aten.index_put_, indices, value, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => InPlace(Aten.index_put_, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using DisposeScope scope = NewDisposeScope();
            return index_put_(Aten.scalar_tensor.Call(value, dtype, Arg.None, device), indices);
        }

        public Tensor index_select(long dim, Tensor index) => Aten.index_select.Call(this, dim, index);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => InPlace(Aten.index_fill_, dim, index, value);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            Aten.index_add_.Run(this, dim, index, source, alpha);
            return this;
        }
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => InPlace(Aten.index_copy_, dim, index, source);
        public Tensor gather(long dim, Tensor index) => Aten.gather.Call(this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.scatter.Call(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => InPlace(Aten.scatter_, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace(Aten.scatter_add_, dim, index, src);
        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.masked_fill.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => InPlace(Aten.masked_fill_, mask, value);
        public Tensor masked_select(Tensor mask) => Aten.masked_select.Call(this, mask);
        public Tensor nonzero() => Aten.nonzero.Call(this);
        public Tensor where(Tensor condition, Tensor y) => Aten.where.Call(condition, this, y);
        public Tensor fill_(Scalar value) => InPlace(Aten.fill_, value);
        public Tensor zero_() => InPlace(Aten.zero_);

        private Tensor At(params ReadOnlySpan<long> at)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor view = this;
            foreach (long i in at) view = view.select(0, i);
            return view.MoveToOuterDisposeScope();
        }

        private void PutAt(Tensor value, params ReadOnlySpan<long> at)
        {
            using Tensor view = At(at);
            view.copy_(value);
        }

        // Numbers, slices, ellipsis and new axes make a view; what is left for the index operator are tensors, null at the axes between them.
        private (Tensor View, Tensor?[]? Indices) Views(TensorIndex[] indices)
        {
            Tensor view = this;
            var tensors = new List<Tensor?>();
            int consumed = indices.Sum(index => index.What switch
            {
                TensorIndex.Kind.None or TensorIndex.Kind.Ellipsis or TensorIndex.Kind.Bool => 0,
                TensorIndex.Kind.Tensor when index.Indices!.dtype is ScalarType.Bool or ScalarType.Byte => (int)index.Indices.ndim,
                _ => 1,
            });
            int dim = 0;
            foreach (TensorIndex index in indices)
            {
                switch (index.What)
                {
                    case TensorIndex.Kind.Single:
                        view = view.select(dim, index.Start!.Value);
                        break;
                    case TensorIndex.Kind.Slice:
                        view = Aten.slice.Call(view, dim++, index.Start, index.Stop, index.Step ?? 1);
                        tensors.Add(null);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        for (int skipped = (int)ndim - consumed; skipped > 0; skipped--)
                        {
                            dim++;
                            tensors.Add(null);
                        }
                        break;
                    case TensorIndex.Kind.None:
                        view = view.unsqueeze(dim++);
                        tensors.Add(null);
                        break;
                    case TensorIndex.Kind.Bool:
                        view = view.unsqueeze(dim++);
                        tensors.Add(torch.tensor(new[] { index.Start == 1 }, device: device));
                        break;
                    case TensorIndex.Kind.Tensor:
                        tensors.Add(index.Indices);
                        dim += index.Indices!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)index.Indices.ndim : 1;
                        break;
                }
            }
            return (view, tensors.Exists(tensor => tensor is not null) ? tensors.ToArray() : null);
        }
    }
}
