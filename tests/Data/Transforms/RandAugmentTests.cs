using System.Text.Json;
using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests.Transforms;

public sealed class RandAugmentTests
{
    private const int Width = 64, Height = 48;

    private static Targets Targets(params Box[] boxes) => new()
    {
        ImageId = 0, File = "drawn", Width = Width, Height = Height,
        Objects = [.. boxes.Select(box => new Annotation { Id = 1, Box = box, Label = 1, Area = box.Area })],
    };

    [SkippableFact]
    public void TheChangesAndTheirStrengthsAreTorchvisions()
    {
        string[] cases =
        [
            "Identity=0", "ShearX=0.09", "ShearX=-0.3", "ShearY=0.12", "ShearY=-0.27",
            "TranslateX=8.7", "TranslateX=-5.2", "TranslateY=21", "Rotate=9", "Rotate=-30",
            "Brightness=0.27", "Brightness=-0.9", "Color=0.27", "Contrast=-0.27", "Sharpness=0.27", "Sharpness=-0.9",
            "Posterize=7", "Posterize=4", "Solarize=178.5", "Solarize=0", "AutoContrast=0", "Equalize=0",
        ];
        using TempFolder folder = new();
        using Mat drawn = Pictures.Noise(Width, Height, 5);
        // Darker than the range, and one channel plain, so that stretching has something to do and something to leave.
        foreach (ref byte value in drawn.AsSpan<byte>()) value = (byte)(20 + value / 2);
        for (int i = 2; i < 3 * Width * Height; i += 3) drawn.AsSpan<byte>()[i] = 77;
        string output = Peer.Run("data_augment.py", [folder.Write("drawn", drawn.Bytes()), $"{Width}", $"{Height}", folder.Path, .. cases]);

        foreach (string name in cases)
        {
            string[] parts = name.Split('=');
            RandAugmentOperation kind = Enum.Parse<RandAugmentOperation>(parts[0]);
            using Mat changed = RandAugment.Change(kind, double.Parse(parts[1]), drawn.Clone(), Targets()).Image;
            byte[] expected = File.ReadAllBytes(folder[name]), actual = changed.Bytes();
            bool moves = kind is >= RandAugmentOperation.ShearX and <= RandAugmentOperation.Rotate;
            // Colors may round otherwise in single precision; a moved pixel may be its neighbor where it came from between two.
            int different = expected.Zip(actual, (e, a) => Math.Abs(e - a) > (moves ? 0 : 1)).Count(differs => differs);
            Assert.True(different <= (moves ? expected.Length / 100 : 0), $"{name}: {different} of {expected.Length} values differ.");
        }

        var space = JsonSerializer.Deserialize<Dictionary<string, double[]>>(output)!;
        Assert.Equal(Enum.GetNames<RandAugmentOperation>().Order(), space.Keys.Order());
        foreach (RandAugmentOperation kind in Enum.GetValues<RandAugmentOperation>())
            for (int magnitude = 0; magnitude < 31; magnitude++)
                Assert.Equal(space[kind.ToString()][magnitude], new RandAugment { Magnitude = magnitude }.Strength(kind, Width, Height),
                    1e-3);
    }

    [Theory]
    [InlineData(RandAugmentOperation.ShearX, 0.2)]
    [InlineData(RandAugmentOperation.ShearY, -0.2)]
    [InlineData(RandAugmentOperation.TranslateX, 7)]
    [InlineData(RandAugmentOperation.Rotate, 20)]
    public void BoxesGoAlong(object kind, double strength)
    {
        Mat image = Pictures.Plain(Width, Height, Pictures.Gray);
        image[new Rect(25, 15, 12, 14)].SetTo(Pictures.Red);
        (image, Targets targets) = RandAugment.Change((RandAugmentOperation)kind, strength, image, Targets(new Box(25, 15, 37, 29)));
        using (image)
        {
            int[] columns = [.. Enumerable.Range(0, Width)
                .Where(x => Enumerable.Range(0, Height).Any(y => image.Get<Vec3b>(y, x).Item0 > 200))];
            int[] rows = [.. Enumerable.Range(0, Height)
                .Where(y => Enumerable.Range(0, Width).Any(x => image.Get<Vec3b>(y, x).Item0 > 200))];
            Box box = targets.Objects[0].Box;
            Assert.Equal(columns[0], box.X1, 1.5f);
            Assert.Equal(columns[^1] + 1, box.X2, 1.5f);
            Assert.Equal(rows[0], box.Y1, 1.5f);
            Assert.Equal(rows[^1] + 1, box.Y2, 1.5f);
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameImageAndOthersOther()
    {
        using Mat drawn = Pictures.Noise(Width, Height, 1);
        byte[][] made = [.. new[] { 1, 1, 2, 3 }.Select(seed =>
        {
            using Mat image = new RandAugment().Apply(drawn.Clone(), Targets(), new Random(seed)).Image;
            return image.Bytes();
        })];
        Assert.Equal(made[0], made[1]);
        Assert.False(made[0].SequenceEqual(made[2]) && made[0].SequenceEqual(made[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandAugment { Magnitude = 31 });
    }
}
