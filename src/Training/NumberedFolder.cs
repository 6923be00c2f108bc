namespace Vision.Training;

/// <summary>Folders of results that nobody named: <c>ROOT/MODEL-1</c>, <c>ROOT/MODEL-2</c> and so on. None is ever written to twice.</summary>
public static class NumberedFolder
{
    /// <summary>The first that is free.</summary>
    public static string Next(string root, string model) => All(root, model).First(folder => !Directory.Exists(folder));

    /// <summary>Those that are there, oldest first.</summary>
    public static IEnumerable<string> Existing(string root, string model) => All(root, model).TakeWhile(Directory.Exists);

    private static IEnumerable<string> All(string root, string model) =>
        Enumerable.Range(1, int.MaxValue - 1).Select(number => Path.Combine(root, $"{model}-{number}"));
}
