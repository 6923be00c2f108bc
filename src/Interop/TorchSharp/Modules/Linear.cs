using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            [ComponentName(Name = nameof(weight))] private Parameter? ownWeight;
            [ComponentName(Name = nameof(bias))] private Parameter? ownBias;

            internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear)) => (this.weight, this.bias) = (weight, bias);

            public long in_features => weight.shape[1];

            public long out_features => weight.shape[0];

            public Parameter weight
            {
                get => ownWeight!;
                set => ReplaceParameter(nameof(weight), ref ownWeight, value);
            }

            public Parameter? bias
            {
                get => ownBias;
                set => ReplaceParameter(nameof(bias), ref ownBias, value);
            }

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
            {
                var weight = new Modules.Parameter(empty([outputSize, inputSize], dtype, device));
                Modules.Parameter? bias = hasBias ? new Modules.Parameter(empty([outputSize], dtype, device)) : null;
                Modules.LinearWeights.Reset(weight, bias);
                return new(weight, bias);
            }

            public static Modules.Linear Linear(Modules.Parameter weight, Modules.Parameter? bias = null) => new(weight, bias);
        }
    }
}
