using System.Text.Json.Nodes;
using Spectre.Console;
using Vision.Data;

namespace Vision.Cli.DataTools;

/// <summary>Writes the problems that a check found to the console and as JSON.</summary>
internal static class CheckReport
{
    private const int ShownOfKind = 5;

    /// <summary>The problems by kind, errors first.</summary>
    public static IEnumerable<IGrouping<DatasetProblemKind, DatasetProblem>> Kinds(DatasetReport report) =>
        report.Problems.GroupBy(problem => problem.Kind).OrderBy(group => group.Key.IsError() ? 0 : 1).ThenBy(group => group.Key);

    /// <summary><c>error</c> or <c>warning</c>.</summary>
    public static string Severity(DatasetProblemKind kind) => kind.IsError() ? "error" : "warning";

    /// <summary>Prints some problems of each kind, and their number.</summary>
    /// <returns>The exit code: 1 if there are errors.</returns>
    public static int Write(DatasetReport report)
    {
        foreach (var kind in Kinds(report))
        {
            foreach (DatasetProblem problem in kind.Take(ShownOfKind)) AnsiConsole.WriteLine($"{Severity(kind.Key)}: {problem}");
            if (kind.Count() > ShownOfKind) AnsiConsole.WriteLine($"  and {kind.Count() - ShownOfKind} more of this kind ({kind.Key})");
        }
        int errors = report.Problems.Count(problem => problem.Kind.IsError()), warnings = report.Problems.Count - errors;
        AnsiConsole.WriteLine($"{errors} {(errors == 1 ? "error" : "errors")}, {warnings} {(warnings == 1 ? "warning" : "warnings")}");
        return errors > 0 ? 1 : 0;
    }

    /// <summary>The complete check as JSON, with all problems.</summary>
    public static JsonObject ToJson(DatasetReport report, JsonArray splits, JsonArray classes) => new()
    {
        ["splits"] = splits,
        ["classes"] = classes,
        ["errors"] = report.Problems.Count(problem => problem.Kind.IsError()),
        ["warnings"] = report.Problems.Count(problem => !problem.Kind.IsError()),
        ["problems"] = new JsonArray([.. report.Problems.Select(problem => new JsonObject
        {
            ["severity"] = Severity(problem.Kind), ["kind"] = problem.Kind.ToString(),
            ["file"] = problem.File, ["object"] = problem.Object, ["detail"] = problem.Detail,
        })]),
    };
}
