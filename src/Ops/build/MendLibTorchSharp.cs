// One file for four types: MSBuild compiles an inline task from a single source (RoslynCodeTaskFactory, against .NET Standard 2.0),
// and the tests compile the same file without MSBuild, and therefore without the task.
#nullable enable
#pragma warning disable IDE0005   // MSBuild has no implicit usings
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
#if !NET
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
#endif

namespace Vision.Ops.Building;

/// <summary>
/// Lets a copy of <c>libLibTorchSharp.so</c> load on a libstdc++ older than GCC 13's. TorchSharp 0.107 was linked with GCC 13, whose
/// <c>&lt;iostream&gt;</c> makes every library import <see cref="Symbol"/> of <see cref="Version"/>. That function is empty: the import
/// only ensures that libstdc++ itself initializes <c>std::cout</c> and the like. With an older libstdc++, libtorch's other libraries
/// already initialize them. Therefore the version dependency is marked as weak (the loader then tolerates its absence), and the import is
/// redirected to a function that is imported anyway. Three numbers change, and no size.
/// </summary>
internal static class ElfMending
{
    /// <summary>The version of libstdc++'s interface that GCC 13 added.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary><c>std::ios_base_library_init()</c>.</summary>
    public const string Symbol = "_ZSt21ios_base_library_initv";

    // Imports that can replace it, since nothing calls it: the first one that the library has.
    private static readonly string[] harmless = ["ceil", "floor", "memcpy", "strlen", "free"];

    /// <summary>
    /// Patches a file if necessary. The patched file replaces it atomically, so other hard links to the old one, and running programs that
    /// use it, are not affected. Size, permissions and modification time are kept, so that an incremental copy considers it up to date.
    /// </summary>
    /// <returns>Whether the file was changed; false if it needs no patch, for example because it is already patched.</returns>
    /// <exception cref="InvalidDataException">It is truncated, damaged, of another kind, or cannot be patched; it is unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read or replaced.</exception>
    public static bool MendFile(string path)
    {
        byte[] library = File.ReadAllBytes(path);
        if (!Mend(library)) return false;
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.Copy(path, beside);                     // with permissions and time; of the target if it is a symbolic link
            DateTime changed = File.GetLastWriteTimeUtc(beside);
            File.WriteAllBytes(beside, library);
            File.SetLastWriteTimeUtc(beside, changed);
            File.Replace(beside, path, null);
        }
        finally
        {
            File.Delete(beside);
        }
        return true;
    }

    /// <summary>Patches a library in memory if necessary.</summary>
    /// <returns>Whether it was changed.</returns>
    /// <exception cref="InvalidDataException">It is truncated, damaged, of another kind, or cannot be patched; it is unchanged.</exception>
    public static bool Mend(byte[] library)
    {
        ElfImports imports = new(library);
        List<ElfImports.Need> needs = imports.Needs();
        List<ElfImports.Import> symbols = imports.Symbols();
        if (needs.Find(n => imports.Has(n.Name, Version)) is not { } need) return false;
        if (symbols.Find(s => imports.Has(s.Name, Symbol)) is not { } symbol) return false;

        if (symbol.Version != need.Number) throw ElfImports.Damaged($"{Symbol} is not of {Version}");
        if (symbols.Find(s => s.Version == need.Number && s != symbol) is { } other)
            throw new InvalidDataException($"it imports {imports.Text(other.Name)} of {Version}, too, which no older libstdc++ has");
        List<ElfImports.Import> versioned = symbols.FindAll(s => needs.Exists(n => n.Number == s.Version));
        ElfImports.Import substitute =
            harmless.Select(name => versioned.Find(s => imports.Has(s.Name, name))).FirstOrDefault(s => s is not null)
            ?? throw new InvalidDataException($"it imports none of {string.Join(", ", harmless)}, one of which must replace {Symbol}");

        library[need.FlagsOffset] |= ElfImports.Weak;
        Array.Copy(library, substitute.NameOffset, library, symbol.NameOffset, sizeof(uint));
        Array.Copy(library, substitute.VersionOffset, library, symbol.VersionOffset, sizeof(ushort));
        return true;
    }
}

/// <summary>The imports of an ELF library for x64. Nothing is read outside the file, even if it is malformed.</summary>
internal sealed class ElfImports
{
    /// <summary>The flag of a version that may be missing at load time.</summary>
    public const byte Weak = 2;

    private const int SharedLibrary = 3, X64 = 62;
    private const uint StringTable = 3, SymbolTable = 11, VersionNeeds = 0x6FFFFFFE, SymbolVersions = 0x6FFFFFFF;
    private const int HeaderSize = 64, SectionSize = 64, SymbolSize = 24, NeedSize = 16, VersionMask = 0x7FFF;

    private readonly byte[] file;
    private readonly Section? symbols, versions, needs;
    private readonly Section text = new(StringTable, 0, 0, 0);

    /// <summary>Finds the import tables of a file. A library may have none.</summary>
    /// <exception cref="InvalidDataException">The file is truncated, damaged or of another kind.</exception>
    public ElfImports(byte[] file)
    {
        this.file = file;
        CheckHeader();
        Section[] sections = Sections();
        (symbols, versions, needs) = (Only(sections, SymbolTable), Only(sections, SymbolVersions), Only(sections, VersionNeeds));
        if (symbols is null || versions is null || needs is null) return;
        text = Names(sections, symbols);
        if (Names(sections, needs) != text) throw Damaged("symbols and versions have their names in different tables");
        if (symbols.Size % SymbolSize != 0 || versions.Size != symbols.Size / SymbolSize * sizeof(ushort))
            throw Damaged($"it has {symbols.Size} bytes of symbols, but {versions.Size} of their versions");
    }

    /// <summary>A required version of another library: the offset of its flags, the index of its name, its number in this file.</summary>
    public sealed class Need(long flagsOffset, uint name, int number)
    {
        public readonly long FlagsOffset = flagsOffset;
        public readonly uint Name = name;
        public readonly int Number = number;
    }

    /// <summary>A symbol of another library: the index of its name and that index's offset; its version's offset and number.</summary>
    public sealed class Import(long nameOffset, uint name, long versionOffset, int version)
    {
        public readonly long NameOffset = nameOffset, VersionOffset = versionOffset;
        public readonly uint Name = name;
        public readonly int Version = version;
    }

    private sealed class Section(uint type, long offset, long size, uint link)
    {
        public readonly uint Type = type, Link = link;
        public readonly long Offset = offset, Size = size;
    }

    /// <summary>All imported symbols; empty if the file has no versions.</summary>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public List<Import> Symbols()
    {
        List<Import> found = [];
        if (symbols is null || versions is null || needs is null) return found;
        for (long i = 1; i < symbols.Size / SymbolSize; i++)
        {
            long symbol = symbols.Offset + i * SymbolSize, version = versions.Offset + i * sizeof(ushort);
            bool isOwn = U16(symbol + 6) != 0;
            if (!isOwn) found.Add(new(symbol, Place(symbol), version, U16(version) & VersionMask));
        }
        return found;
    }

    /// <summary>All required versions.</summary>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public List<Need> Needs()
    {
        List<Need> found = [];
        if (symbols is null || versions is null || needs is null) return found;
        for (long library = Inside(needs, needs.Offset); ;)
        {
            int count = U16(library + 2);
            uint next = U32(library + 12);
            long need = library + U32(library + 8);
            for (int i = 0; i < count; i++)
            {
                Inside(needs, need);
                uint step = U32(need + 12);
                if (step == 0 && i < count - 1) throw Damaged($"a list of {count} versions ends after {i + 1}");
                found.Add(new(need + 4, Place(need + 8), U16(need + 6) & VersionMask));
                need += step;
            }
            if (next == 0) return found;
            library = Inside(needs, library + next);
        }
    }

    /// <summary>The name at an index.</summary>
    public string Text(uint place)
    {
        int start = (int)text.Offset + (int)place;
        return Encoding.ASCII.GetString(file, start, Array.IndexOf(file, (byte)0, start) - start);
    }

    /// <summary>Whether the name at an index equals <paramref name="name"/>.</summary>
    public bool Has(uint place, string name)
    {
        if (place + name.Length >= text.Size || file[text.Offset + place + name.Length] != 0) return false;
        for (int i = 0; i < name.Length; i++)
            if (file[text.Offset + place + i] != name[i]) return false;
        return true;
    }

    /// <summary>The exception for an inconsistent library.</summary>
    public static InvalidDataException Damaged(string how) => new($"it is damaged or of an unknown kind: {how}");

    private void CheckHeader()
    {
        if (file.Length < 4 || file[0] != 0x7F || file[1] != 'E' || file[2] != 'L' || file[3] != 'F')
            throw new InvalidDataException("it is not an ELF file");
        if (file.Length < HeaderSize) throw CutShort(HeaderSize);
        int bits = file[4] == 2 ? 64 : 32;
        bool isLittle = file[5] == 1;
        int machine = isLittle ? U16(18) : file[18] << 8 | file[19];
        if (bits != 64 || !isLittle || machine != X64)
            throw new InvalidDataException($"it is for another machine ({bits} bits, {(isLittle ? "little" : "big")}-endian, "
                + $"machine {machine}; expected 64 bits, little-endian, machine {X64})");
        int type = U16(16);
        if (type != SharedLibrary) throw new InvalidDataException($"it is not a shared library (type {type}; expected {SharedLibrary})");
    }

    private Section[] Sections()
    {
        int size = U16(0x3A), count = U16(0x3C);
        if (count == 0 || size != SectionSize) throw Damaged($"it has {count} section headers of {size} bytes");
        long table = Within(U64(0x28), (ulong)count * SectionSize);
        return [.. Enumerable.Range(0, count).Select(i => SectionAt(table + i * SectionSize))];
    }

    // Only the tables that are read: others need not be in the file.
    private Section SectionAt(long header)
    {
        uint type = U32(header + 4);
        if (type is not (StringTable or SymbolTable or VersionNeeds or SymbolVersions)) return new(type, 0, 0, 0);
        ulong size = U64(header + 32);
        return new(type, Within(U64(header + 24), size), (long)size, U32(header + 40));
    }

    private static Section? Only(Section[] sections, uint type)
    {
        Section[] found = Array.FindAll(sections, section => section.Type == type);
        return found.Length < 2 ? found.FirstOrDefault() : throw Damaged($"it has {found.Length} sections of type {type:X}");
    }

    // The string table of a section. It ends with a zero, so every name in it is terminated.
    private Section Names(Section[] sections, Section section)
    {
        Section? names = section.Link < sections.Length ? sections[section.Link] : null;
        if (names is not { Type: StringTable, Size: > 0 } || file[names.Offset + names.Size - 1] != 0)
            throw Damaged($"the names of section type {section.Type:X} are in no string table");
        return names;
    }

    // The index of a name, which is stored at an offset.
    private uint Place(long offset)
    {
        uint place = U32(offset);
        return place < text.Size ? place : throw Damaged($"the name at {place} is outside the string table of {text.Size} bytes");
    }

    private static long Inside(Section section, long need) =>
        need <= section.Offset + section.Size - NeedSize ? need : throw Damaged("a version that it needs is outside its table");

    private long Within(ulong offset, ulong size)
    {
        ulong length = (ulong)file.Length;
        return offset <= length && size <= length - offset ? (long)offset : throw CutShort(offset + size);
    }

    private InvalidDataException CutShort(ulong needed) =>
        new($"it is truncated or damaged ({file.Length} bytes; its headers require at least {needed})");

    private ushort U16(long at) => (ushort)(file[at] | file[at + 1] << 8);
    private uint U32(long at) => U16(at) | (uint)U16(at + 2) << 16;
    private ulong U64(long at) => U32(at) | (ulong)U32(at + 4) << 32;
}

/// <summary>The machine's libstdc++.</summary>
internal static class HostLibrary
{
    /// <summary>
    /// Whether it has <see cref="ElfMending.Symbol"/>; null if there is no libstdc++. The loader itself is asked: what it finds for this
    /// process, by LD_LIBRARY_PATH, its cache and the usual folders, it will also find for a program that is started from here.
    /// </summary>
    public static bool? HasSymbol()
    {
        try
        {
            InitializeStreams();
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    // Does nothing.
    [DllImport("libstdc++.so.6", EntryPoint = ElfMending.Symbol)]
    private static extern void InitializeStreams();
}

#if !NET
/// <summary>
/// Patches copies of <c>libLibTorchSharp.so</c>, and records the result, so that Vision.Ops.targets need not compile and start this task
/// while nothing changes.
/// </summary>
public sealed class MendLibTorchSharp : Task
{
    /// <summary>The copies.</summary>
    [Required]
    public ITaskItem[] Libraries { get; set; } = [];

    /// <summary>"true": patch them; "auto": patch them if this machine's libstdc++ is too old for them.</summary>
    [Required]
    public string Mode { get; set; } = "";

    /// <summary>
    /// The file to write: <see cref="Key"/>, a space, and either "fine", if no copy needs a patch, or the SHA-256 of the copies
    /// in hexadecimal, separated by spaces.
    /// </summary>
    [Required]
    public string Record { get; set; } = "";

    /// <summary>What the result depends on besides the copies.</summary>
    [Required]
    public string Key { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        bool isForced = string.Equals(Mode, "true", StringComparison.OrdinalIgnoreCase);
        if (!isForced && HostLibrary.HasSymbol() is not false and var has)
        {
            if (has is null)
                Log.LogMessage(MessageImportance.High, "This machine has no libstdc++.so.6, which TorchSharp needs. libLibTorchSharp.so is "
                    + "not changed; set MendLibTorchSharp=true to make it load with an old one, too.");
            File.WriteAllText(Record, $"{Key} fine");
            return true;
        }
        foreach (ITaskItem library in Libraries) Mend(library.ItemSpec);
        if (Log.HasLoggedErrors) return false;
        File.WriteAllText(Record, $"{Key} {string.Join(" ", Libraries.Select(library => Hash(library.ItemSpec)))}");
        return true;
    }

    private void Mend(string path)
    {
        try
        {
            if (ElfMending.MendFile(path))
                Log.LogMessage(MessageImportance.High, $"{path}: patched for a libstdc++ without {ElfMending.Version}");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Log.LogError(null, null, null, path, 0, 0, 0, 0, $"the library cannot be patched to work without {ElfMending.Version}: "
                + $"{e.Message.TrimEnd('.')}. If it is damaged, delete it and build again; MendLibTorchSharp=false leaves it as it is.");
        }
    }

    private static string Hash(string path)
    {
        using SHA256 sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(File.ReadAllBytes(path))).Replace("-", "");
    }
}
#endif
