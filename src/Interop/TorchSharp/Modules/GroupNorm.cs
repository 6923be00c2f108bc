using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class GroupNorm : nn.Module<Tensor, Tensor>
        {
            [ComponentName(Name = nameof(weight))] private Parameter? ownWeight;
            [ComponentName(Name = nameof(bias))] private Parameter? ownBias;

            internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
            {
                this.num_groups = num_groups;
                this.eps = eps;
                this.affine = affine;
                if (affine)
                {
                    weight = new Parameter(ones([num_channels], dtype, device));
                    bias = new Parameter(zeros([num_channels], dtype, device));
                }
            }

            public long num_groups { get; set; }

            public double eps { get; set; }

            public bool affine { get; set; }

            /// <summary>The scale. Null, whatever its type says, where the module is not affine.</summary>
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

            public override Tensor forward(Tensor tensor) => nn.functional.group_norm(tensor, num_groups, weight, bias, eps);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
