using OpenCvSharp;
using TorchSharp;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Visualization.Tests;

public class ModelPredictionTests
{
    [Fact]
    public void AFolderGivesWhatItsImagesGiveOneByOne()
    {
        using TempFolder folder = new();
        for (int i = 0; i < 12; i++) ImageOutput.Write(folder[$"in/{i:D2}.png"], Noise(20 + 7 * (i % 5), 30 + i, i));
        folder.Write("in/05b.png", "no image");
        List<(string File, float Score)> seen = [];
        List<string> unreadable = [];
        using Brightness model = new();
        int written = model.PredictFolder(folder["in"], folder["out"], (file, scores) => seen.Add((file, scores.Scores[0])),
            reason => unreadable.Add(reason.Message));

        Assert.Equal(12, written);
        Assert.Contains("05b.png: not an image", Assert.Single(unreadable));
        string[] files = [.. Directory.GetFiles(folder["in"]).Where(file => !file.EndsWith("b.png")).Order()];
        Assert.Equal(files.Select(file => (file, model.Predict(file).Scores[0])), seen);
        foreach (string file in files)
        {
            using Mat drawn = ImageFile.Read(file), found = ImageFile.Read(Path.Combine(folder["out"], Path.GetFileName(file)));
            new ClassificationPainter(model.Categories).Draw(drawn, model.Predict(file));
            Assert.Equal(0, Cv2.Norm(drawn, found));
        }
    }

    [Fact]
    public void AnUnreadableImageEndsAFolderUnlessItIsAskedFor()
    {
        using TempFolder folder = new();
        ImageOutput.Write(folder["in/a.png"], Noise(9, 9, 1));
        folder.Write("in/b.png", "no image");
        using Brightness model = new();
        Assert.Contains("b.png: not an image",
            Assert.Throws<InputException>(() => model.PredictFolder(folder["in"], folder["out"])).Message);
        Assert.Contains("name another folder",
            Assert.Throws<InputException>(() => model.PredictFolder(folder["in"], folder["in"] + "/")).Message);
    }

    [Fact]
    public void AFolderLeavesNoTensors()
    {
        using TempFolder folder = new();
        for (int i = 0; i < 5; i++) ImageOutput.Write(folder[$"in/{i}.png"], Noise(9, 9, i));
        using Brightness model = new();
        LiveTensors.Unchanged(() => model.PredictFolder(folder["in"], folder["out"]));
    }

    [Fact]
    public void AVideoHasAFrameForEach()
    {
        using TempFolder folder = new();
        using (VideoSink sink = new(folder["in.avi"], 10))
        {
            for (int i = 0; i < 9; i++) sink.Write(Noise(32, 48, i));
            sink.Complete();
        }
        using Brightness model = new();
        Assert.Equal(9, model.PredictVideo(folder["in.avi"], folder["out.avi"]));
        using VideoReader written = VideoReader.Open(folder["out.avi"]);
        Assert.Equal((48, 32, 9), (written.Width, written.Height, written.Frames().Count()));
    }

    private static Mat Noise(int height, int width, int seed)
    {
        Mat image = new(height, width, MatType.CV_8UC3);
        new Random(seed).NextBytes(image.AsSpan<byte>());
        return image;
    }

    /// <summary>Gives an image's mean value as its score.</summary>
    private sealed class Brightness()
        : TrainedModel<ClassScores>(nn.Identity(), [new(0, "bright")], null)
    {
        public override ClassScores Predict(Tensor image)
        {
            using var scope = NewDisposeScope();
            return new() { Categories = Categories, Labels = [0], Scores = [image.to(float32).mean().item<float>() / 255] };
        }
    }
}
