using System.Globalization;
using System.Runtime.InteropServices;

namespace Vision.Training;

/// <summary>
/// An automatically named folder for results: <c>ROOT/MODEL-1</c>, <c>ROOT/MODEL-2</c> and so on. Programs that start at the same time get
/// different folders. If it is still empty when disposed, it is deleted.
/// </summary>
public sealed partial class NumberedFolder : IDisposable
{
    private const int ExistsOnUnix = 17, ExistsOnWindows = 183;
    private const uint Everyone = 0b111_111_111;            // restricted by the user's umask, as for any folder

    private NumberedFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Creates the folder with the next number.</summary>
    /// <param name="root">The parent folder; created if missing.</param>
    /// <param name="model">The prefix of its name.</param>
    /// <exception cref="InputException">It cannot be created.</exception>
    public static NumberedFolder Create(string root, string model)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder {root} cannot be created: {e.Message}", e);
        }
        for (int number = Numbers(root, model).LastOrDefault() + 1; ; number++)
        {
            string path = Named(root, model, number);
            if (Make(path)) return new(path);
        }
    }

    /// <summary>The existing folders, oldest first; there may be gaps in the numbers.</summary>
    public static IEnumerable<string> Existing(string root, string model) =>
        Numbers(root, model).Select(number => Named(root, model, number));

    /// <summary>Removes the folder if nothing was put into it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path) && !Directory.EnumerateFileSystemEntries(Path).Any()) Directory.Delete(Path);
    }

    private static string Named(string root, string model, int number) => System.IO.Path.Combine(root, $"{model}-{number}");

    private static IEnumerable<int> Numbers(string root, string model)
    {
        if (!Directory.Exists(root)) return [];
        return Directory.EnumerateDirectories(root, $"{model}-*").Select(folder => System.IO.Path.GetFileName(folder)[(model.Length + 1)..])
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(number => number > 0).Order();
    }

    /// <summary>Creates a folder; false if it already exists, which Directory.CreateDirectory does not report.</summary>
    private static bool Make(string path)
    {
        if (OperatingSystem.IsWindows() ? MakeOnWindows(path, 0) : MakeOnUnix(path, Everyone) == 0) return true;
        return Marshal.GetLastPInvokeError() == (OperatingSystem.IsWindows() ? ExistsOnWindows : ExistsOnUnix) ? false
            : throw new InputException($"The folder {path} cannot be created: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeOnUnix(string path, uint mode);

    [LibraryImport("kernel32", EntryPoint = "CreateDirectoryW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MakeOnWindows(string path, nint security);
}
