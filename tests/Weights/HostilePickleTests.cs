using Vision.Testing;
using static Vision.Weights.Tests.TorchFiles;

namespace Vision.Weights.Tests;

/// <summary>Pickles that would run something in Python, or fill its memory: each is refused with its reason.</summary>
public sealed class HostilePickleTests
{
    private const string Refused = ", which is neither a tensor nor a plain container, and was not run; "
        + "if you trust the file, save its state dict alone again in Python";

    private const string Proto2 = "\u0080\u0002";
    private const string Proto4 = "\u0080\u0004";

    public static TheoryData<string, string, string> Pickles => new()
    {
        { "GLOBAL and REDUCE", Proto2 + "cos\nsystem\nX\u0005\0\0\0touch\u0085R.", "its pickle asks for os.system" + Refused },
        { "its real module", Proto2 + "cposix\nsystem\nX\u0005\0\0\0touch\u0085R.", "its pickle asks for posix.system" + Refused },
        { "eval", Proto2 + "cbuiltins\neval\nX\u0001\0\0\01\u0085R.", "its pickle asks for builtins.eval" + Refused },
        { "eval of Python 2", Proto2 + "c__builtin__\neval\nX\u0001\0\0\01\u0085R.", "its pickle asks for __builtin__.eval" + Refused },
        { "getattr", Proto2 + "cbuiltins\ngetattr\n.", "its pickle asks for builtins.getattr" + Refused },
        { "nested load", Proto2 + "ctorch.storage\n_load_from_bytes\nC\u0001x\u0085R.",
            "its pickle asks for torch.storage._load_from_bytes" + Refused },
        { "dotted name", Proto4 + "\u008c\u0005torch\u008c\u0009os.system\u0093.", "its pickle asks for torch.os.system" + Refused },
        { "dots moved about", Proto4 + "\u008c\u000ccollections.\u008c\u000bOrderedDict\u0093.",
            "its pickle asks for collections..OrderedDict" + Refused },
        { "STACK_GLOBAL", Proto4 + "\u008c\u0002os\u008c\u0006system\u0093\u008c\u0005touch\u0085R.",
            "its pickle asks for os.system" + Refused },
        { "STACK_GLOBAL of no names", Proto4 + "K\u0001K\u0002\u0093.", "its pickle is damaged" },
        { "INST", Proto2 + "(S'touch'\nios\nsystem\n.", "its pickle asks for os.system" + Refused },
        { "OBJ", Proto2 + "(cos\nsystem\nS'touch'\no.", "its pickle asks for os.system" + Refused },
        { "OBJ of nothing", Proto2 + "(o.", "its pickle is damaged" },
        { "NEWOBJ", Proto2 + "csubprocess\nPopen\nX\u0005\0\0\0touch\u0085\u0081.", "its pickle asks for subprocess.Popen" + Refused },
        { "NEWOBJ_EX", Proto4 + "ccollections\nOrderedDict\n)}\u0092.",
            "its pickle creates an object with keyword arguments, which no tensor or plain container takes" },
        { "REDUCE of a string", Proto2 + "X\u0006\0\0\0systemX\u0005\0\0\0touch\u0085R.",
            "its pickle calls something that is not a function; it was not run" },
        { "REDUCE of a dtype", Proto2 + "ctorch\nfloat32\n)R.", "its pickle calls something that is not a function; it was not run" },
        { "REDUCE without a tuple", Proto2 + "ccollections\nOrderedDict\n]R.",
            "its pickle calls something that is not a function; it was not run" },
        { "OrderedDict of no pairs", Proto2 + "ccollections\nOrderedDict\n]K\u0001a\u0085R.",
            "its pickle calls collections.OrderedDict with wrong arguments" },
        { "encode with another codec", Proto2 + "c_codecs\nencode\nX\u0001\0\0\0xX\u0005\0\0\0rot13\u0086R.",
            "its pickle calls _codecs.encode with wrong arguments" },
        { "BUILD on a list", Proto2 + "]}b.", "its pickle sets the state of something that is not a dict; this was not executed" },
        { "BUILD on a function", Proto2 + "ccollections\nOrderedDict\n}X\u0008\0\0\0__code__K\u0001sb.",
            "its pickle sets the state of something that is not a dict; this was not executed" },
        { "EXT1", Proto2 + "\u0082\u0001.",
            "its pickle asks for an entry of Python's extension registry, which no state dict does; it was not run" },
        { "EXT4", Proto2 + "\u0084\u0001\0\0\0.",
            "its pickle asks for an entry of Python's extension registry, which no state dict does; it was not run" },
        { "another persistent id", Proto2 + "X\u0006\0\0\0moduleQ.", "its pickle refers to data in a way that torch.save does not" },
        { "storage of a function", Proto2 + "(X\u0007\0\0\0storagecos\nsystem\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0001tQ.",
            "its pickle asks for os.system" + Refused },
        { "storage of negative length",
            Proto2 + "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuJ\u00ff\u00ff\u00ff\u00fftQ.",
            "its pickle refers to data in a way that torch.save does not" },
        { "string of 4 GB", Proto2 + "X\u00ff\u00ff\u00ff\u00ff.", "" },
        { "bytes of 2^64", Proto4 + "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "" },
        { "integer of 2 GB", Proto2 + "\u008b\u00ff\u00ff\u00ff\u007f.", "its pickle contains an integer of implausible size" },
        { "memo that was never set", Proto2 + "h\u0005.", "its pickle is damaged" },
        { "pop of nothing", Proto2 + "0.", "its pickle is damaged" },
        { "pop below a mark", Proto2 + "}(0.", "its pickle is damaged" },
        { "mark that is not there", Proto2 + "t.", "its pickle is damaged" },
        { "odd dict", Proto2 + "}(K\u0001u.", "its pickle is damaged" },
        { "unknown instruction", Proto2 + "\u00f0.", "it does not contain a pickle of torch.save: byte 0xf0 is not an instruction" },
        { "buffers outside", "\u0080\u0005\u0097.", "it does not contain a pickle of torch.save: byte 0x97 is not an instruction" },
        { "protocol of the future", "\u0080\u0006.", "its pickle has protocol 6; expected 0 to 5" },
    };

    [Theory]
    [MemberData(nameof(Pickles))]
    public void IsRefused(string name, string pickle, string reason)
    {
        using TempFolder folder = new();
        string[] paths =
        [
            folder.Write("zip.pth", Zip(Pickled(pickle))),
            folder.Write("legacy.pth", Legacy(Pickled(pickle))),
        ];
        // Without a torn end the legacy file goes on after its pickle, so a string of 4 GB is as much too long there.
        foreach (string path in paths)
        {
            WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(path));
            string expected = reason.Length > 0
                ? $"{path} cannot be used: {reason}"
                : $"{path} is truncated: its content continues after its end; download or save it again";
            Assert.True(error.Message == expected, $"{name}: {error.Message}");
        }
    }

    [Theory]
    [InlineData(10, 0, 11, 1, "reaches outside of its 10 elements")]
    [InlineData(10, 1, 10, 1, "reaches outside of its 10 elements")]
    [InlineData(10, 0, 4, 4, "reaches outside of its 10 elements")]
    [InlineData(10, long.MaxValue, 2, 1, "reaches outside of its 10 elements")]
    [InlineData(10, 0, 2, long.MaxValue, "reaches outside of its 10 elements")]
    [InlineData(10, 0, long.MaxValue, long.MaxValue, "reaches outside of its 10 elements")]
    [InlineData(10, -1, 2, 1, "has an impossible shape")]
    [InlineData(10, 0, -2, 1, "has an impossible shape")]
    [InlineData(10, 5, 2, -1, "has an impossible shape")]
    public void TensorsOutsideOfTheirStorageAreRefused(long count, long offset, long size, long stride, string reason)
    {
        using TempFolder folder = new();
        string pickle = "\u0080\u0002}" + Text("a") + Tensor("0", count, offset, [size], [stride]) + "s.";
        string path = folder.Write("a.pth", Zip(Pickled(pickle), ("data/0", new byte[40])));
        WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(path));
        Assert.Equal($"{path} cannot be used: the tensor on storage '0' {reason}", error.Message);
    }

    [Fact]
    public void ShapesThatOverflowAreRefused()
    {
        using TempFolder folder = new();
        string pickle = "\u0080\u0002}" + Text("a") + Tensor("0", 10, 0, [1L << 40, 1L << 40, 0], [0, 0, 0]) + "s.";
        string path = folder.Write("a.pth", Zip(Pickled(pickle), ("data/0", new byte[40])));
        Assert.Throws<WeightsException>(() => WeightFile.Read(path));
    }

    [Fact]
    public void AStorageLargerThanTheFileIsRefused()
    {
        using TempFolder folder = new();
        string pickle = "\u0080\u0002}" + Text("a") + Tensor("0", 1L << 50, 0, [1], [1]) + "s.";
        string zip = folder.Write("zip.pth", Zip(Pickled(pickle), ("data/0", new byte[40])));
        WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(zip));
        Assert.Contains("its tensors are larger than the file's", error.Message);

        string legacy = folder.Write("legacy.pth", Legacy(Pickled(pickle), ("0", new float[10])));
        error = Assert.Throws<WeightsException>(() => WeightFile.Read(legacy));
        Assert.Equal($"{legacy} cannot be used: storage '0' does not have the length of its tensors: it is damaged; download it again",
            error.Message);
    }

    [Fact]
    public void EndlessInstructionsEnd()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.pth", Zip(Pickled("\u0080\u0002" + new string('N', 11_000_000) + ".")));
        WeightsException error = Assert.Throws<WeightsException>(() => WeightFile.Read(path));
        Assert.Equal($"{path} cannot be used: its pickle has over 10000000 instructions, which no state dict needs", error.Message);
    }
}
