using System.Buffers.Binary;
using OpenCvSharp;
using Vision.Testing;
using static Vision.Data.Tests.VocFolder;

namespace Vision.Data.Tests.Readers;

public sealed class VocMaskTests
{
    private static byte[] Mask(int width, int height, params (Rect Place, byte Number)[] parts)
    {
        byte[] values = new byte[width * height];
        foreach (var (place, number) in parts)
            for (int y = place.Y; y < place.Bottom; y++)
                for (int x = place.X; x < place.Right; x++) values[y * width + x] = number;
        return values;
    }

    [Fact]
    public void EachObjectGetsItsPixels()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("dog", 5, 6, 25, 16), Object("cat", 30, 1, 50, 21), Object("cat", 1, 30, 9, 39));
        byte[] mask = Mask(60, 40, (new(4, 5, 22, 12), 255), (new(5, 6, 20, 10), 1), (new(30, 1, 20, 20), 2));
        folder.Write("SegmentationObject/a.png", IndexPng.Encode(mask, 60, 40));
        DetectionDataset data = VocReader.Read(folder.Path);
        Assert.Empty(data.Report.Problems);
        IReadOnlyList<Annotation> objects = data.Samples[0].Objects;
        Assert.Equal([200.0, 400.0, 8 * 9], objects.Select(item => item.Area));
        Assert.Equal(new Box(5, 6, 25, 16), objects[0].Segment!.Runs!.BoundingBox);
        Assert.Equal(new Box(30, 1, 50, 21), objects[1].Segment!.Runs!.BoundingBox);
        Assert.Null(objects[2].Segment);
    }

    [Fact]
    public void AMaskOfAnotherImageIsNamed()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("dog", 5, 6, 25, 16));
        folder.Add("b", Object("dog", 5, 6, 25, 16));
        folder.Add("c", Object("dog", 5, 6, 25, 16));
        folder.Write("SegmentationObject/a.png", IndexPng.Encode(new byte[50 * 40], 50, 40));
        folder.Write("SegmentationObject/b.png", IndexPng.Encode(Mask(60, 40, (new(0, 0, 3, 3), 2)), 60, 40));
        folder.Write("SegmentationObject/c.png", "nothing");
        DetectionDataset data = VocReader.Read(folder.Path);
        Assert.Equal([
            $"{folder["SegmentationObject/a.png"]}: the mask is 50×40, but its image is 60×40; left out",
            $"{folder["SegmentationObject/b.png"]}: the mask has object 2, but there are only 1 annotations; left out",
            $"{folder["SegmentationObject/c.png"]}: the mask cannot be read (it is not a complete PNG file); replace it by an intact PNG.",
        ], data.Report.Problems.Select(problem => problem.ToString()));
        Assert.All(data.Samples, sample => Assert.Null(sample.Objects[0].Segment));
    }

    [Fact]
    public void AMaskOfBordersAloneHasNoSegments()
    {
        using TempFolder folder = new();
        folder.Add("a", Object("dog", 5, 6, 25, 16));
        byte[] borders = new byte[60 * 40];
        Array.Fill(borders, (byte)255);
        folder.Write("SegmentationObject/a.png", IndexPng.Encode(borders, 60, 40));
        DetectionDataset data = VocReader.Read(folder.Path);
        Assert.Null(Assert.Single(Assert.Single(data.Samples).Objects).Segment);
        Assert.Empty(data.Report.Problems);
    }

    [Fact]
    public void WhatFollowsTheEndIsNoPartOfTheMask()
    {
        using TempFolder folder = new();
        byte[] mask = IndexPng.Encode([1, 2, 3, 4], 2, 2), other = IndexPng.Encode([9, 9, 9, 9, 9, 9], 3, 2);
        string file = folder.Write("a.png", [.. mask, .. other.AsSpan(8)]);
        (byte[] values, int width, int height) = IndexPng.Read(file);
        Assert.Equal((2, 2), (width, height));
        Assert.Equal([1, 2, 3, 4], values);
    }

    /// <summary>A few bytes that claim gigabytes of pixels: refused before memory is taken for them.</summary>
    [Fact]
    public void AHeaderThatClaimsMoreThanTheDataHoldIsRefused()
    {
        using TempFolder folder = new();
        byte[] mask = IndexPng.Encode([1, 2, 3, 4], 2, 2);
        BinaryPrimitives.WriteInt32BigEndian(mask.AsSpan(16), 40_000);
        BinaryPrimitives.WriteInt32BigEndian(mask.AsSpan(20), 40_000);
        string file = folder.Write("a.png", mask);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("its header claims 40000×40000 pixels, which", Assert.Throws<InputException>(() => IndexPng.Read(file)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>OpenCV writes gray, with filters of its choice.</summary>
    [Theory]
    [InlineData(13, 7)]
    [InlineData(256, 3)]
    public void GrayAndPalettesAreReadAlike(int width, int height)
    {
        byte[] values = new byte[width * height];
        for (int i = 0; i < values.Length; i++) values[i] = (byte)(i * i / 7 + i % width);
        using TempFolder folder = new();
        using Mat gray = new(height, width, MatType.CV_8UC1);
        values.CopyTo(gray.AsSpan<byte>());
        Cv2.ImEncode(".png", gray, out byte[] file);
        Assert.Equal(values, IndexPng.Read(folder.Write("gray.png", file)).Values);
        Assert.Equal((width, height), IndexPng.Read(folder["gray.png"]) switch { var (_, w, h) => (w, h) });
        byte[] own = IndexPng.Encode(values, width, height);
        Assert.Equal(values, IndexPng.Read(folder.Write("palette.png", own)).Values);
        // VOC's colors: 1 is dark red, 2 dark green, 15 a light brown.
        using Mat decoded = Cv2.ImDecode(IndexPng.Encode([0, 1, 2, 15], 4, 1), ImreadModes.Color);
        Assert.Equal([0, 0, 0, 0, 0, 128, 0, 128, 0, 128, 128, 192], decoded.AsSpan<byte>().ToArray());
    }

    [Fact]
    public void ColorsAreNoMask()
    {
        using TempFolder folder = new();
        folder.WritePlain("color.png", 4, 4);
        Assert.Equal(
            $"{folder["color.png"]}: a mask must be a palette or grayscale PNG of at most 8 bits, not interlaced; this one has color " +
                "type 2 of 8 " +
                "bits; save it that way.",
            Assert.Throws<InputException>(() => IndexPng.Read(folder["color.png"])).Message);
    }
}
