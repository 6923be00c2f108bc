using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>One call for a whole list of tensors: one kernel on CUDA, one crossing into libtorch on the CPU.</summary>
internal static class Foreach
{
    private static readonly Op negate = new("aten::_foreach_neg");
    private static readonly Op add = new("aten::_foreach_add.List");
    private static readonly Op addInPlace = new("aten::_foreach_add_.List");
    private static readonly Op addNumber = new("aten::_foreach_add_.Scalar");
    private static readonly Op multiply = new("aten::_foreach_mul_.Scalar");
    private static readonly Op divide = new("aten::_foreach_div_.Scalar");
    private static readonly Op squareRoot = new("aten::_foreach_sqrt");
    private static readonly Op addProduct = new("aten::_foreach_addcmul_.Scalar");
    private static readonly Op addQuotient = new("aten::_foreach_addcdiv_.Scalar");

    public static Tensor[] Negated(Tensor[] tensors) => negate.CallList(tensors);

    public static Tensor[] Roots(Tensor[] tensors) => squareRoot.CallList(tensors);

    /// <summary>tensors + alpha · others</summary>
    public static Tensor[] Sums(Tensor[] tensors, Tensor[] others, double alpha) => add.CallList(tensors, others, alpha);

    /// <summary>tensors += alpha · others</summary>
    public static void Add(Tensor[] tensors, Tensor[] others, double alpha) => addInPlace.Run(tensors, others, alpha);

    /// <summary>tensors += number</summary>
    public static void Add(Tensor[] tensors, double number) => addNumber.Run(tensors, number);

    /// <summary>tensors *= factor</summary>
    public static void Multiply(Tensor[] tensors, double factor) => multiply.Run(tensors, factor);

    /// <summary>tensors /= divisor</summary>
    public static void Divide(Tensor[] tensors, double divisor) => divide.Run(tensors, divisor);

    /// <summary>tensors += value · first · second</summary>
    public static void AddProduct(Tensor[] tensors, Tensor[] first, Tensor[] second, double value) => addProduct.Run(tensors, first, second, value);

    /// <summary>tensors += value · numerators / denominators</summary>
    public static void AddQuotient(Tensor[] tensors, Tensor[] numerators, Tensor[] denominators, double value) =>
        addQuotient.Run(tensors, numerators, denominators, value);
}
