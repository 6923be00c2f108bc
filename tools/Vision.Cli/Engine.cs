using System.CommandLine;

namespace Vision.Cli;

/// <summary><c>--engine</c>: how networks are computed.</summary>
internal sealed class Engine
{
    private const string Auto = "auto", Eager = "eager", CompiledName = "compiled";

    private readonly string name;

    private Engine(string name) => this.name = name;

    /// <summary>The option.</summary>
    public static Option<string> Option()
    {
        Option<string> option = new("--engine")
        {
            Description = "How the network is computed: eager as it is written; compiled after its layers were folded and fused, which " +
                "is faster; auto compiles it where that can be done and pays.",
            DefaultValueFactory = _ => Auto,
        };
        return option.AcceptOnlyFromAmong(Auto, Eager, CompiledName);
    }

    /// <summary>The choice of a command line.</summary>
    public static Engine Of(ParseResult parsed, Option<string> option) => new(parsed.GetRequiredValue(option));

    /// <summary>The same choice where there is so little to compute that compiling does not pay: auto is eager.</summary>
    public Engine ForLittle() => name == Auto ? new(Eager) : this;

    /// <summary>Whether it was asked to compile: what cannot be compiled is then a mistake.</summary>
    public bool IsCompiled => name == CompiledName;

    /// <summary>Compiles a model, unless it is to be computed eagerly.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="compile">Compiles it.</param>
    /// <returns>Whether it is compiled.</returns>
    /// <exception cref="InputException">It was asked to compile a model that cannot be compiled.</exception>
    public bool Apply(string model, Action compile)
    {
        if (name == Eager) return false;
        try
        {
            compile();
            return true;
        }
        catch (NotSupportedException e) when (IsCompiled)
        {
            throw new InputException($"{model} cannot be compiled: {e.Message} Leave --engine out.", e);
        }
        catch (NotSupportedException)
        {
            return false;              // a GPU, another system, or an operator that is only computed eagerly
        }
    }
}
