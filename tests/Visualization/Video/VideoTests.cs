using OpenCvSharp;
using Vision.Testing;

namespace Vision.Visualization.Tests.Video;

public class VideoTests
{
    [Theory]
    [InlineData("video.mp4"), InlineData("video.avi")]
    public void WrittenFramesAreReadAgain(string name)
    {
        using TempFolder folder = new();
        Write(folder[name], 30, 96, 64, 12.5);

        using VideoReader reader = VideoReader.Open(folder[name]);

        Assert.Equal((96, 64, 12.5, 30), (reader.Width, reader.Height, reader.FramesPerSecond, reader.FrameCount));
        int index = 0;
        foreach (VideoFrame frame in reader.Frames())
        {
            Assert.Equal(index, frame.Index);
            Assert.Equal(index * 80.0, frame.Time.TotalMilliseconds, tolerance: 1.5);
            Scalar mean = Cv2.Mean(frame.Image);
            Assert.Equal(200, mean.Val0, tolerance: 6);
            Assert.Equal(6 * index, mean.Val1, tolerance: 6);
            Assert.Equal(60, mean.Val2, tolerance: 6);
            index++;
        }
        Assert.Equal(30, index);
        Assert.Empty(reader.Problems);
        Assert.Equal([folder[name]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void OddSizesAreRoundedUp()
    {
        using TempFolder folder = new();
        Write(folder["odd.mp4"], 3, 97, 65, 10);
        using VideoReader reader = VideoReader.Open(folder["odd.mp4"]);
        Assert.Equal((98, 66), (reader.Width, reader.Height));
        foreach (VideoFrame frame in reader.Frames()) Assert.Equal(200, Pixels.At(frame.Image, 97, 65).R, tolerance: 8);
    }

    [Fact]
    public void ThousandFramesTakeConstantMemory()
    {
        using TempFolder folder = new();
        Write(folder["warm.mp4"], 30, 160, 120, 25);
        Read(folder["warm.mp4"]);
        long before = ResidentMemory.InUse();

        Write(folder["long.mp4"], 1000, 160, 120, 25);
        int frames = Read(folder["long.mp4"]);

        // The frames have 57 MB, twice.
        Assert.Equal(1000, frames);
        Assert.InRange(ResidentMemory.InUse() - before, long.MinValue, 30L << 20);

        static int Read(string path)
        {
            using VideoReader reader = VideoReader.Open(path);
            return reader.Frames().Count(frame => frame.Image.Width == 160);
        }
    }

    [Fact]
    public void VideoCutShortGivesItsFramesAndSaysSo()
    {
        using TempFolder folder = new();
        Write(folder["whole.avi"], 40, 96, 64, 10);
        byte[] bytes = File.ReadAllBytes(folder["whole.avi"]);
        string path = folder.Write("cut.avi", bytes.AsSpan(0, bytes.Length * 6 / 10));

        using VideoReader reader = VideoReader.Open(path);
        int frames = reader.Frames().Count();

        Assert.InRange(frames, 15, 30);
        Assert.Equal([$"{path}: {frames} of the 40 frames that its header announces could be decoded; the file is damaged or truncated."],
            reader.Problems);
    }

    [Fact]
    public void BrokenFramesAreLeftOutAndNamed()
    {
        using TempFolder folder = new();
        string path = folder["broken.mp4"];
        using (VideoWriter writer = new(path, VideoCaptureAPIs.FFMPEG, FourCC.FromString("mp4v"), 25, new Size(320, 240)))
        {
            using Mat frame = new(240, 320, MatType.CV_8UC3);
            for (int i = 0; i < 100; i++)
            {
                frame.SetTo(Scalar.All(2 * i));
                Cv2.PutText(frame, $"{i}", new Point(50, 150), HersheyFonts.HersheySimplex, 3, new Scalar(0, 0, 255), 5);
                writer.Write(frame);
            }
        }
        byte[] bytes = File.ReadAllBytes(path);
        Array.Clear(bytes, bytes.Length / 2, 6000);
        File.WriteAllBytes(path, bytes);

        using VideoReader reader = VideoReader.Open(path);
        int frames = reader.Frames().Count();

        // Reading goes on behind the damage, to the last frame.
        Assert.InRange(frames, 80, 99);
        Assert.Matches($@"broken\.mp4: {100 - frames} frames after frame \d\d could not be decoded and are left out\.", reader.Problems[0]);
        Assert.EndsWith($"{frames} of the 100 frames that its header announces could be decoded; the file is damaged or truncated.",
            reader.Problems[1]);
    }

    [Fact]
    public void WhatIsNoVideoIsSaid()
    {
        using TempFolder folder = new();
        Write(folder["whole.mp4"], 10, 96, 64, 10);
        byte[] whole = File.ReadAllBytes(folder["whole.mp4"]);

        string text = folder.Write("text.mp4", "no video at all"), cut = folder.Write("cut.mp4", whole.AsSpan(0, whole.Length / 2)),
            empty = folder.Write("empty.mp4", "");

        string undecodable = "not a video that can be decoded, or one that was truncated before its index; convert it to MP4 (H.264) or " +
            "AVI, or copy it again.";
        Assert.Equal($"{text}: {undecodable}", Fault(text));
        Assert.Equal($"{cut}: {undecodable}", Fault(cut));
        Assert.Equal($"{empty}: the file is empty; copy the video again.", Fault(empty));
        Assert.Equal($"{folder["none.mp4"]}: no such video; check the path.", Fault(folder["none.mp4"]));
        Assert.Equal($"{folder.Path}: this is a folder; give a video file.", Fault(folder.Path));

        static string Fault(string path) => Assert.Throws<InputException>(() => VideoReader.Open(path)).Message;
    }

    [Fact]
    public void MissingCameraIsSaid() =>
        Assert.StartsWith("camera 97 cannot be opened; check that it is connected",
            Assert.Throws<InputException>(() => VideoReader.OpenCamera(97)).Message);

    [Fact]
    public void UnfinishedVideoIsNotThere()
    {
        using TempFolder folder = new();
        folder.Write("video.mp4", "an older one");
        using (VideoSink sink = new(folder["video.mp4"], 10))
        {
            using Mat frame = Pixels.Plain(96, 64);
            sink.Write(frame);
            Assert.Equal("an older one", File.ReadAllText(folder["video.mp4"]));
        }
        Assert.Equal("an older one", File.ReadAllText(folder["video.mp4"]));
        Assert.Equal([folder["video.mp4"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void FaultsOfWritingAreSaid()
    {
        using TempFolder folder = new();
        using Mat frame = Pixels.Plain(96, 64), other = Pixels.Plain(64, 64);

        Assert.Equal("a.gif: videos are written as .mp4 or .avi; use one of these extensions.",
            Assert.Throws<InputException>(() => new VideoSink("a.gif", 10)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new VideoSink("a.mp4", 0));

        using VideoSink sink = new(folder["a.mp4"], 10);
        Assert.Throws<InvalidOperationException>(sink.Complete);
        sink.Write(frame);
        Assert.StartsWith($"Frame 1 of {folder["a.mp4"]} is 64×64; those before it are 96×64.",
            Assert.Throws<ArgumentException>(() => sink.Write(other)).Message);

        folder.Write("file", "");
        using VideoSink nowhere = new(folder["file/a.mp4"], 10);
        Assert.StartsWith($"{folder["file/a.mp4"]} cannot be written (", Assert.Throws<InputException>(() => nowhere.Write(frame)).Message);
    }

    private static void Write(string path, int frames, int width, int height, double framesPerSecond)
    {
        using VideoSink sink = new(path, framesPerSecond);
        using Mat frame = new(height, width, MatType.CV_8UC3);
        for (int i = 0; i < frames; i++) sink.Write(frame.SetTo(new Scalar(200, 6 * i % 180, 60)));
        sink.Complete();
        Assert.Equal(frames, sink.FrameCount);
    }
}
