using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests.Transforms;

/// <summary>Resizing is Pillow's to the last bit, and so is the preprocessing of classifiers.</summary>
public sealed class ResizeParityTests
{
    [SkippableTheory]
    [InlineData(97, 61)]
    [InlineData(40, 83)]
    public void ItIsPillows(int width, int height)
    {
        string[] cases =
        [
            "bilinear=31x20", "bilinear=200x150", "bilinear=97x10", "bilinear=7x61", "bilinear=1x1",
            "bicubic=31x20", "bicubic=200x150", "bicubic=13x83",
            "bilinear=32:28", "bilinear=64:64", "bilinear=33:30", "bicubic=36:31", "bilinear=20:33",
        ];
        using TempFolder folder = new();
        using Mat drawn = Pictures.Noise(width, height, 5);
        // Hard edges make the cubic overshoot.
        drawn[new Rect(5, 5, 20, 20)].SetTo(new Scalar(255, 255, 255));
        drawn[new Rect(10, 10, 8, 8)].SetTo(new Scalar(0, 0, 0));
        Peer.Run("data_resize.py", [folder.Write("drawn", drawn.Bytes()), $"{width}", $"{height}", folder.Path, .. cases]);

        foreach (string name in cases)
        {
            string[] parts = name.Split('=', 'x', ':');
            ResizeFilter filter = Enum.Parse<ResizeFilter>(parts[0], ignoreCase: true);
            (int a, int b) = (int.Parse(parts[1]), int.Parse(parts[2]));
            using Mat changed = name.Contains(':')
                ? new ResizeAndCenterCrop(a, b, filter)
                    .Apply(drawn.Clone(), new() { ImageId = 0, File = "drawn", Width = width, Height = height }, new Random(0)).Image
                : ImageResize.Resized(drawn, a, b, filter);
            Assert.True(File.ReadAllBytes(folder[name]).AsSpan().SequenceEqual(changed.Bytes()), $"{name} differs from Pillow's.");
        }
    }
}
