using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam's moments of one parameter, and the update of a list of them.</summary>
internal sealed class AdamState(Parameter parameter, bool amsgrad) : OptimizerState(parameter)
{
    private static readonly Op maximum = new("aten::maximum.out");

    private long step;
    private Tensor? mean;
    private Tensor? square;
    private Tensor? largestSquare;

    /// <summary>p −= lr · m̂ / (√v̂ + ε), with bias-corrected moments (Kingma &amp; Ba 2015, arXiv:1412.6980).</summary>
    public static void Update(IEnumerable<(AdamState State, Tensor Gradient)> all, double lr, (double First, double Second) betas, double eps)
    {
        // Parameters that were left out of some steps have other bias corrections than the rest.
        foreach (var together in all.GroupBy(each => ++each.State.step))
        {
            AdamState[] states = [.. together.Select(each => each.State)];
            Tensor[] gradients = [.. together.Select(each => each.Gradient)];
            Tensor[] means = [.. states.Select(state => state.mean ??= state.Zeros())];
            Tensor[] squares = [.. states.Select(state => state.square ??= state.Zeros())];

            Foreach.Multiply(means, betas.First);
            Foreach.Add(means, gradients, 1 - betas.First);
            Foreach.Multiply(squares, betas.Second);
            Foreach.AddProduct(squares, gradients, gradients, 1 - betas.Second);

            Tensor[] denominators = Foreach.Roots([.. states.Select(state => state.Largest())]);
            Foreach.Divide(denominators, Math.Sqrt(1 - Math.Pow(betas.Second, together.Key)));
            Foreach.Add(denominators, eps);
            Tensor[] parameters = [.. states.Select(state => state.Parameter)];
            Foreach.AddQuotient(parameters, means, denominators, -lr / (1 - Math.Pow(betas.First, together.Key)));
        }
    }

    /// <summary>The mean square to divide by; with AMSGrad the largest there ever was.</summary>
    private Tensor Largest()
    {
        if (!amsgrad)
            return square!;
        largestSquare ??= Zeros();
        maximum.Run(largestSquare, square, largestSquare);
        return largestSquare;
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(step);
        (mean ??= Zeros()).Save(writer);
        (square ??= Zeros()).Save(writer);
        SaveOptional(writer, largestSquare);
    }

    public override void Load(BinaryReader reader)
    {
        step = reader.ReadInt64();
        (mean ??= Zeros()).Load(reader);
        (square ??= Zeros()).Load(reader);
        LoadOptional(reader, ref largestSquare);
    }

    public override void MoveTo(Device device)
    {
        if (mean is not null)
            Move(ref mean, device);
        if (square is not null)
            Move(ref square, device);
        if (largestSquare is not null)
            Move(ref largestSquare, device);
    }

    public override void Dispose()
    {
        mean?.Dispose();
        square?.Dispose();
        largestSquare?.Dispose();
    }
}
