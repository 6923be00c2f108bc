using System.Globalization;
using System.Runtime.InteropServices;

namespace Vision.Training;

/// <summary>
/// A folder of results that nobody named: <c>ROOT/MODEL-1</c>, <c>ROOT/MODEL-2</c> and so on. Programs that start together get one each.
/// Disposed of with nothing in it, it goes again.
/// </summary>
public sealed partial class NumberedFolder : IDisposable
{
    private const int ExistsOnUnix = 17, ExistsOnWindows = 183;
    private const uint Everyone = 0b111_111_111;            // cut by the user's mask, as for any folder

    private NumberedFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes the folder behind the last one that is there.</summary>
    /// <param name="root">The folder to make it in; made where it is missing.</param>
    /// <param name="model">What its name begins with.</param>
    /// <exception cref="InputException">It cannot be made.</exception>
    public static NumberedFolder Create(string root, string model)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder {root} cannot be made: {e.Message}", e);
        }
        for (int number = Numbers(root, model).LastOrDefault() + 1; ; number++)
        {
            string path = Named(root, model, number);
            if (Make(path)) return new(path);
        }
    }

    /// <summary>Those that are there, oldest first; some may be missing between.</summary>
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

    /// <summary>Makes a folder; false where it is there already. Directory.CreateDirectory does not tell the two apart.</summary>
    private static bool Make(string path)
    {
        if (OperatingSystem.IsWindows() ? MakeOnWindows(path, 0) : MakeOnUnix(path, Everyone) == 0) return true;
        return Marshal.GetLastPInvokeError() == (OperatingSystem.IsWindows() ? ExistsOnWindows : ExistsOnUnix) ? false
            : throw new InputException($"The folder {path} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeOnUnix(string path, uint mode);

    [LibraryImport("kernel32", EntryPoint = "CreateDirectoryW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MakeOnWindows(string path, nint security);
}
