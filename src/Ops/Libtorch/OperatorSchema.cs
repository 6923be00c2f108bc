namespace Vision.Ops.Libtorch;

/// <summary>An operator as libtorch writes it, such as <c>aten::mul.Tensor(Tensor self, Tensor other) ->
/// Tensor</c>: its name and the types of its arguments.</summary>
/// <param name="Name">With its namespace, without the overload: <c>aten::mul</c>.</param>
/// <param name="Overload"><c>Tensor</c>, or empty.</param>
/// <param name="Arguments">The arguments' types as the schema has them: <c>Tensor</c>, <c>Tensor?</c>,
/// <c>int</c>, <c>float</c>, <c>bool</c>, <c>int[]</c>.</param>
internal sealed record OperatorSchema(string Name, string Overload, string[] Arguments)
{
    /// <summary>Reads a schema with one tensor as its result.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static OperatorSchema Parse(string schema)
    {
        int open = schema.IndexOf('('), close = schema.LastIndexOf(')');
        if (open < 0 || close < open || schema[(close + 1)..].Trim() != "-> Tensor")
            throw new FormatException($"'{schema}' is no schema of an operator with one tensor as its result.");
        string[] name = schema[..open].Split('.');
        string[] arguments = schema[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(name[0], name.Length > 1 ? name[1] : "", [.. arguments.Select(argument => argument.Split(' ')[0])]);
    }
}
