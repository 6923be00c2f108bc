using System.Buffers.Binary;
using System.Text;
using Vision.Ops.Building;

namespace Vision.Ops.Tests.Mending;

/// <summary>A small ELF library for x64 with what the loader reads of imports and their versions, and nothing else.</summary>
internal sealed class ElfFile
{
    /// <summary>A symbol: its name, the number of its version (1: of none), and whether it is the library's own.</summary>
    public sealed record Symbol(string Name, int Version, bool Defined = false);

    /// <summary>A version that is needed of a library.</summary>
    public sealed record Need(string Library, string Version, int Number, bool Weak = false);

    /// <summary>The symbols.</summary>
    public List<Symbol> Symbols { get; } =
    [
        new("strlen", 2), new(ElfMending.Symbol, 3), new("ceil", 4), new("floor", 4), new("own", 1, Defined: true),
    ];

    /// <summary>The versions, those of one library in sequence.</summary>
    public List<Need> Needs { get; } =
    [
        new("libc.so.6", "GLIBC_2.2.5", 2),
        new("libstdc++.so.6", "GLIBCXX_3.4", 5), new("libstdc++.so.6", ElfMending.Version, 3), new("libstdc++.so.6", "GLIBCXX_3.4.21", 6),
        new("libm.so.6", "GLIBC_2.2.5", 4),
    ];

    /// <summary>Whether the section headers are at the end, as linkers put them, or behind the file's header.</summary>
    public bool SectionsLast { get; init; } = true;

    /// <summary>The library as TorchSharp's is: with the import that has to go.</summary>
    public static byte[] Broken(bool sectionsLast = true) => new ElfFile { SectionsLast = sectionsLast }.Bytes();

    /// <summary>The file.</summary>
    public byte[] Bytes()
    {
        MemoryStream names = new();
        Dictionary<string, uint> places = [];
        uint Place(string name)
        {
            if (places.TryGetValue(name, out uint place)) return place;
            places[name] = place = (uint)names.Position;
            names.Write(Encoding.ASCII.GetBytes(name + '\0'));
            return place;
        }
        foreach (string name in (string[])["", "strlen", ElfMending.Symbol, "ceil", "floor"]) Place(name);   // whether or not they are used

        byte[] symbols = new byte[24 * (Symbols.Count + 1)], versions = new byte[2 * (Symbols.Count + 1)];
        for (int i = 0; i < Symbols.Count; i++)
        {
            Span<byte> symbol = symbols.AsSpan(24 * (i + 1));
            BinaryPrimitives.WriteUInt32LittleEndian(symbol, Place(Symbols[i].Name));
            symbol[4] = 0x12;                                                                // a global function
            BinaryPrimitives.WriteUInt16LittleEndian(symbol[6..], (ushort)(Symbols[i].Defined ? 1 : 0));
            BinaryPrimitives.WriteUInt16LittleEndian(versions.AsSpan(2 * (i + 1)), (ushort)Symbols[i].Version);
        }

        MemoryStream needs = new();
        Need[][] libraries = [.. Needs.GroupBy(need => need.Library).Select(group => group.ToArray())];
        foreach (Need[] library in libraries)
        {
            bool last = library == libraries[^1];
            Write(needs, (ushort)1, (ushort)library.Length, Place(library[0].Library), 16u, last ? 0u : 16u * (uint)(library.Length + 1));
            foreach (Need need in library)
                Write(needs, 0u, (ushort)(need.Weak ? 2 : 0), (ushort)need.Number, Place(need.Version), need == library[^1] ? 0u : 16u);
        }

        (uint Type, byte[] Content, uint Link)[] sections =
        [
            (0, [], 0), (3, names.ToArray(), 0), (11, symbols, 1), (0x6FFFFFFF, versions, 2), (0x6FFFFFFE, needs.ToArray(), 1),
        ];
        int content = sections.Sum(section => section.Content.Length), table = 64 * sections.Length;
        int at = SectionsLast ? 64 : 64 + table;
        MemoryStream file = new(), headers = new(), body = new();
        file.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Write(file, (ushort)3, (ushort)62, 1u, 0ul, 0ul, (ulong)(SectionsLast ? 64 + content : 64), 0u);
        Write(file, (ushort)64, (ushort)0, (ushort)0, (ushort)64, (ushort)sections.Length, (ushort)0);
        foreach (var (type, bytes, link) in sections)
        {
            Write(headers, 0u, type, 0ul, 0ul, (ulong)at, (ulong)bytes.Length, link, 0u, 0ul, 0ul);
            body.Write(bytes);
            at += bytes.Length;
        }
        (SectionsLast ? body : headers).WriteTo(file);
        (SectionsLast ? headers : body).WriteTo(file);
        return file.ToArray();
    }

    private static void Write(Stream stream, params object[] numbers)
    {
        foreach (object number in numbers)
            stream.Write(number switch
            {
                ushort value => BitConverter.GetBytes(value),
                uint value => BitConverter.GetBytes(value),
                _ => BitConverter.GetBytes((ulong)number),
            });
    }
}
