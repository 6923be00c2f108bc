using System.Diagnostics;
using OpenCvSharp;

namespace Vision.Visualization.Tests.Drawing;

public class CaptionTests
{
    private static readonly Color orange = new(255, 112, 31);

    [Fact]
    public void ACaptionIsAsLargeAsItSays()
    {
        Size image = new(300, 200);
        foreach (string text in (string[])["person 0.98", "猫", "قطة 0.5", "кошка", "éléphant", ""])
        {
            Caption caption = Caption.Of(text, image, orange);
            using Mat plain = Pixels.Plain(300, 200);
            caption.Draw(plain, new Point(10, 20));
            using Mat place = plain[new Rect(new Point(10, 20), caption.Size)].Clone();
            Assert.Equal(300 * 200 - (int)place.Total(), Pixels.Count(plain, new Color(128, 128, 128)));
            Assert.Equal(text.Length > 0, Pixels.Count(place, pixel => pixel.Luminance < 0.15) > 5);
            // A rim of the background is around the letters.
            using Mat left = place[new Rect(0, 0, 1, place.Height)].Clone();
            using Mat bottom = place[new Rect(0, place.Height - 1, place.Width, 1)].Clone();
            Assert.Equal(place.Width + place.Height, Pixels.Count(left, orange) + Pixels.Count(bottom, orange));
        }
    }

    [Fact]
    public void CaptionsFitTheirImageAndGrowWithIt()
    {
        string name = string.Concat(Enumerable.Repeat("длинное имя класса ", 26));
        Assert.InRange(Caption.Of(name, new(300, 200), orange).Size.Width, 270, 300);
        Assert.True(Caption.Of("cat", new(3000, 2000), orange).Size.Height > 3 * Caption.Of("cat", new(300, 200), orange).Size.Height);
        Assert.Equal(Caption.Of("cat", new(300, 200), orange).Size.Height, Caption.Of("Ägypter, gjpq", new(300, 200), orange).Size.Height);
    }

    [Fact]
    public void WhatLiesOutsideTheImageIsCutOff()
    {
        Caption caption = Caption.Of("a caption", new(200, 100), orange);
        using Mat image = Pixels.Plain(200, 100);
        Point[] corners = [new(-20, -5), new(190, 90), new(-500, 0), new(500, 0), new(0, -500), new(0, 500)];
        foreach (Point at in corners) caption.Draw(image, at);
        Assert.True(Pixels.Count(image, orange) > 100);
    }

    [Fact]
    public void ThousandsOfCaptionsTakeNoMoreMemory()
    {
        using Mat image = Pixels.Plain(1000, 1000);
        long Memory(int from)
        {
            for (int i = from; i < from + 5000; i++)
                Caption.Of($"person {i} 猫 قطة 0.{i}", image.Size(), orange).Draw(image, new Point(0, 0));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using Process process = Process.GetCurrentProcess();
            return process.PrivateMemorySize64;
        }
        Memory(0);
        long before = Memory(5000), after = Memory(10000);
        Assert.True(after - before < Caption.KeptBytes + (24 << 20), $"{(after - before) >> 20} MiB more");
    }
}
