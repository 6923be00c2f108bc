using Vision.Ops.Building;
using Vision.Testing;

namespace Vision.Ops.Tests.Mending;

/// <summary>The mending of a library, on small ones made for the purpose.</summary>
public sealed class ElfMendingTests
{
    [Theory]
    [InlineData(true, "ceil")]
    [InlineData(false, "ceil")]
    [InlineData(true, "floor", "ceil")]
    [InlineData(true, "strlen", "ceil", "floor")]
    public void TheNeedIsWeakAndTheImportIsAHarmlessOne(bool sectionsLast, string harmless, params string[] missing)
    {
        ElfFile file = new() { SectionsLast = sectionsLast };
        file.Symbols.RemoveAll(symbol => missing.Contains(symbol.Name));
        byte[] library = file.Bytes();
        Assert.True(ElfMending.Mend(library));

        int broken = file.Symbols.FindIndex(symbol => symbol.Name == ElfMending.Symbol);
        int need = file.Needs.FindIndex(need => need.Version == ElfMending.Version);
        file.Symbols[broken] = file.Symbols.Find(symbol => symbol.Name == harmless)!;
        file.Needs[need] = file.Needs[need] with { Weak = true };
        Assert.Equal(file.Bytes(), library);
    }

    [Fact]
    public void WhatIsMendedStaysAsItIs()
    {
        byte[] library = ElfFile.Broken();
        Assert.True(ElfMending.Mend(library));
        byte[] mended = [.. library];
        Assert.False(ElfMending.Mend(library));
        Assert.Equal(mended, library);
    }

    [Fact]
    public void ALibraryWithoutTheImportNeedsNothing()
    {
        ElfFile file = new();
        file.Symbols.RemoveAll(symbol => symbol.Name == ElfMending.Symbol);
        Unchanged(file);
        file.Symbols.Add(new("std_of_another_name", 3));
        Unchanged(file);
        file.Symbols.Add(new(ElfMending.Symbol, 3, Defined: true));
        Unchanged(file);
        file.Symbols.Clear();
        Unchanged(file);
    }

    [Fact]
    public void ALibraryWithoutTheVersionNeedsNothing()
    {
        ElfFile file = new();
        file.Needs.RemoveAll(need => need.Version == ElfMending.Version);
        Unchanged(file);
    }

    [Fact]
    public void ALongerNameIsAnotherOne()
    {
        ElfFile file = new();
        file.Symbols.RemoveAll(symbol => symbol.Name == ElfMending.Symbol);
        file.Symbols.Add(new(ElfMending.Symbol + "2", 3));
        Unchanged(file);
        file.Needs.RemoveAll(need => need.Version == ElfMending.Version);
        file.Needs.Insert(1, new("libstdc++.so.6", ElfMending.Version + "5", 3));
        Unchanged(file);
    }

    [Fact]
    public void ALibraryWithoutAHarmlessImportIsRefused()
    {
        ElfFile file = new();
        file.Symbols.RemoveAll(symbol => symbol.Name is "ceil" or "floor" or "strlen");
        file.Symbols.Add(new("ceil", 1, Defined: true));
        Refused(file.Bytes(), $"it imports none of ceil, floor, memcpy, strlen, free, one of which must replace {ElfMending.Symbol}");
    }

    [Fact]
    public void AnImportThatNoOlderLibraryHasIsRefused()
    {
        ElfFile file = new();
        file.Symbols.Add(new("_ZNSt7newness", 3));
        Refused(file.Bytes(), $"it imports _ZNSt7newness of {ElfMending.Version}, too, which no older libstdc++ has");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void AFileCutShortAtAnyLengthIsRefusedAndLeftAlone(bool sectionsLast)
    {
        using TempFolder folder = new();
        byte[] whole = ElfFile.Broken(sectionsLast);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("cut.so", whole.AsSpan(0, length));
            string message = Assert.Throws<InvalidDataException>(() => ElfMending.MendFile(path)).Message;
            Assert.Contains(length < 4 ? "not an ELF file" : "truncated or damaged", message);
            Assert.Equal(whole[..length], File.ReadAllBytes(path));
        }
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void NoByteThatIsWrongDoesHarm()
    {
        byte[] whole = ElfFile.Broken();
        for (int i = 0; i < whole.Length; i++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFF, (byte)(whole[i] ^ 1), (byte)(whole[i] + 16)])
            {
                byte[] library = [.. whole];
                library[i] = value;
                byte[] before = [.. library];
                try
                {
                    if (!ElfMending.Mend(library)) Assert.Equal(before, library);
                }
                catch (InvalidDataException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                    Assert.Equal(before, library);
                }
            }
        }
    }

    [Fact]
    public void ForeignFilesAreRefused()
    {
        Refused([], "it is not an ELF file");
        Refused("#!/bin/sh\necho a script that is longer than the 64 bytes of an ELF file's header\n"u8.ToArray(), "it is not an ELF file");
        Refused(With(4, 1), OtherMachine("32 bits, little-endian, machine 62"));
        Refused(With(5, 2), OtherMachine("64 bits, big-endian, machine 15872"));
        Refused(With(18, 183), OtherMachine("64 bits, little-endian, machine 183"));
        Refused(With(16, 2), "it is not a shared library (type 2; expected 3)");
        Refused(With(60, 0), "it is damaged or of an unknown kind: it has 0 section headers of 64 bytes");

        static string OtherMachine(string which) => $"it is for another machine ({which}; expected 64 bits, little-endian, machine 62)";
        static byte[] With(int at, byte value)
        {
            byte[] library = ElfFile.Broken();
            library[at] = value;
            return library;
        }
    }

    [Fact]
    public void AFileKeepsItsSizeTimeAndPermissions()
    {
        using TempFolder folder = new();
        byte[] library = ElfFile.Broken();
        string path = folder.Write("lib.so", library);
        DateTime time = new(2026, 5, 7, 10, 3, 28, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, time);
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);

        Assert.True(ElfMending.MendFile(path));
        Assert.False(ElfMending.MendFile(path));
        Assert.True(ElfMending.Mend(library));
        Assert.Equal(library, File.ReadAllBytes(path));
        Assert.Equal(time, File.GetLastWriteTimeUtc(path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(mode, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static void Unchanged(ElfFile file)
    {
        byte[] library = file.Bytes();
        Assert.False(ElfMending.Mend(library));
        Assert.Equal(file.Bytes(), library);
    }

    private static void Refused(byte[] library, string message)
    {
        byte[] before = [.. library];
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => ElfMending.Mend(library)).Message);
        Assert.Equal(before, library);
    }
}
