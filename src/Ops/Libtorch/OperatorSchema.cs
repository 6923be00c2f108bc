namespace Vision.Ops.Libtorch;

/// <summary>The name and the argument types of an operator's schema,
/// such as <c>aten::mul.Tensor(Tensor self, Tensor other) -> Tensor</c>.</summary>
/// <param name="Name">The name with its namespace, without the overload: <c>aten::mul</c>.</param>
/// <param name="Overload">The overload, such as <c>Tensor</c>; may be empty.</param>
/// <param name="Arguments">The argument types in the schema: <c>Tensor</c>, <c>Tensor?</c>,
/// <c>int</c>, <c>float</c>, <c>bool</c>, <c>int[]</c>.</param>
internal sealed record OperatorSchema(string Name, string Overload, string[] Arguments)
{
    /// <summary>Parses a schema with one tensor as its result.</summary>
    /// <exception cref="FormatException">The text is not such a schema.</exception>
    public static OperatorSchema Parse(string schema)
    {
        int open = schema.IndexOf('('), close = schema.LastIndexOf(')');
        if (open < 0 || close < open || schema[(close + 1)..].Trim() != "-> Tensor")
            throw new FormatException($"'{schema}' is not the schema of an operator with one tensor as its result.");
        string[] name = schema[..open].Split('.');
        string[] arguments = schema[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(name[0], name.Length > 1 ? name[1] : "", [.. arguments.Select(argument => argument.Split(' ')[0])]);
    }
}
