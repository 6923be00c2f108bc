using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Embedding : nn.Module<Tensor, Tensor>
        {
            private static readonly Op embedding = new("aten::embedding");
            private static readonly Op renormalise = new("aten::embedding_renorm_");

            private readonly long paddingIndex;
            private readonly double? maxNorm;
            private readonly double normType;
            private readonly bool scaleGradients;
            private readonly bool sparse;
            [ComponentName(Name = nameof(weight))] private Parameter? ownWeight;

            internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, Device? device, ScalarType? dtype) : base(nameof(Embedding))
            {
                // A negative index, as libtorch has it, means no padding.
                paddingIndex = padding_idx is { } index ? (index < 0 ? index + num_embeddings : index) : -1;
                (maxNorm, normType, scaleGradients, this.sparse) = (max_norm, norm_type, scale_grad_by_freq, sparse);
                weight = new Parameter(empty([num_embeddings, embedding_dims], dtype, device));
                nn.init.normal_(weight!);
                if (paddingIndex >= 0)
                {
                    using Tensor padding = weight![paddingIndex];
                    nn.init.zeros_(padding);
                }
            }

            public Parameter? weight
            {
                get => ownWeight;
                set => ReplaceParameter(nameof(weight), ref ownWeight, value);
            }

            public override Tensor forward(Tensor input)
            {
                if (maxNorm is { } limit)
                {
                    using var _ = no_grad();
                    renormalise.Run(weight, input, limit, normType);
                }
                return embedding.Call(weight, input, paddingIndex, scaleGradients, sparse);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_embeddings, embedding_dims, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, device, dtype);
        }
    }
}
