namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Op dropoutOp = new("aten::dropout");
            private static readonly Op dropoutInPlaceOp = new("aten::dropout_");
            private static readonly Op featureDropoutOp = new("aten::feature_dropout");
            private static readonly Op featureDropoutInPlaceOp = new("aten::feature_dropout_");

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? dropoutInPlaceOp : dropoutOp).Call(input, p, training);

            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? featureDropoutInPlaceOp : featureDropoutOp).Call(input, p, training);
        }
    }
}
