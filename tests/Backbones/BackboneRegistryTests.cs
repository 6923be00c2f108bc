using System.Text.Json;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class BackboneRegistryTests
{
    [Fact]
    public void AnUnknownNameIsAnsweredWithTheKnownOnes()
    {
        var error = Assert.Throws<UnknownNameException>(() => BackboneRegistry.Create("resnet51", new BackboneOptions()));
        Assert.StartsWith("No backbone is called 'resnet51'; did you mean resnet50, ", error.Message);
    }

    [Fact]
    public void WildcardsFindNames()
    {
        Assert.Equal(["resnet101", "resnet152", "resnet18", "resnet34", "resnet50"],
            BackboneRegistry.Find("resnet*").Where(entry => entry.Family == "ResNet").Select(entry => entry.Name));
        Assert.Equal(["resnet34", "resnet50"], BackboneRegistry.Find("resnet??").Select(entry => entry.Name).Except(["resnet18"]));
        Assert.Empty(BackboneRegistry.Find("yolo*"));
    }

    [SkippableFact]
    public void PublishedWeightsAreTorchvisions()
    {
        using TempFolder folder = new();
        Peer.Run("registry_facts.py", folder["facts.json"]);
        // The one file without accuracies is of features for SSD, not of a classifier.
        using JsonDocument json = JsonDocument.Parse(
            File.ReadAllText(folder["facts.json"]).Replace("NaN", "null", StringComparison.Ordinal));
        int compared = 0;
        foreach (BackboneEntry entry in BackboneRegistry.Find("*"))
        {
            IEnumerable<string> expected = json.RootElement.TryGetProperty(entry.Name, out JsonElement rows)
                ? rows.EnumerateArray().Where(row => row.GetProperty("top1").ValueKind == JsonValueKind.Number).Select(Describe) : [];
            Assert.Equal(expected, entry.Facts.Weights.Select(Describe));
            compared += entry.Facts.Weights.Count;
        }
        Assert.True(compared >= 85, $"Only {compared} files were compared.");
    }

    [Fact]
    public void TheHashIsInTheFilesName() => Assert.Equal("0676ba61", BackboneRegistry.Get("resnet50").Facts.Weights[0].Hash);

    [Theory]
    [InlineData(24, 3, 1000, "The output stride is 24; expected 8, 16 or 32.")]
    [InlineData(32, 0, 1000, "There are 0 input channels; expected 1 or more.")]
    [InlineData(32, 3, -1, "There are -1 classes; expected 1 or more, or 0 for a network without a classifier.")]
    public void OptionsWithoutMeaningAreRefused(int outputStride, int channels, int classes, string message)
    {
        BackboneOptions options = new() { OutputStride = outputStride, InputChannels = channels, NumClasses = classes };
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => BackboneRegistry.Create("resnet18", options)).Message);
    }

    [Fact]
    public void ImagesOfOtherChannelsAreRefused()
    {
        using Backbone backbone = BackboneRegistry.Create("resnet20_cifar", new BackboneOptions { InputChannels = 1 });
        using Tensor images = zeros(1, 3, 16, 16);
        Assert.StartsWith("The images are [1, 3, 16, 16]; expected [N, 1, H, W].",
            Assert.Throws<ArgumentException>(() => backbone.forward_features(images, -1)).Message);
    }

    private static string Describe(JsonElement row) => string.Join(' ',
        row.GetProperty("name"), row.GetProperty("url"), row.GetProperty("top1").GetDouble(), row.GetProperty("top5").GetDouble(),
        row.GetProperty("resize"), row.GetProperty("crop"), row.GetProperty("interpolation"),
        string.Join(',', row.GetProperty("mean").EnumerateArray().Select(value => value.GetSingle())),
        string.Join(',', row.GetProperty("std").EnumerateArray().Select(value => value.GetSingle())));

    private static string Describe(PublishedWeights weights) => string.Join(' ',
        weights.Name, weights.Url, weights.Top1, weights.Top5, weights.Preprocessing.Resize, weights.Preprocessing.Crop,
        weights.Preprocessing.Interpolation.ToString().ToLowerInvariant(), string.Join(',', weights.Preprocessing.Mean),
        string.Join(',', weights.Preprocessing.Std));
}
