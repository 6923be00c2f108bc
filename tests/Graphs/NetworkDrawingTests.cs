using System.Globalization;
using System.Xml.Linq;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Graphs.Tests;

public class NetworkDrawingTests
{
    [Theory]
    [InlineData("resnet18", 7, "layer1", "layer2", "layer3", "layer4", "BasicBlock", "×2", "conv1", "fc", "11.2 M parameters (42.7 MB)")]
    [InlineData("densenet121", 4, "features.denseblock1", "features.denseblock4", "DenseLayer", "×24", "global average pool")]
    [InlineData("swin_t", 4, "features.1", "features.7", "SwinBlock", "×6", "linear, 384 → linear, 96", "output 1 × 10")]
    [InlineData("mobilenet_v3_large", 7, "features", "1×1, 72 → 5×5 depthwise, 72, /2 → SE → 1×1, 40", "14–15")]
    public void EveryStageIsDrawn(string name, int shortcuts, params string[] expected)
    {
        XDocument drawing = Draw(name, name);
        string text = string.Join('\n', drawing.Descendants().Where(element => element.Name.LocalName is "text" or "tspan")
            .Select(element => element.Value.Trim()));
        foreach (string word in expected) Assert.Contains(word, text);
        Assert.Equal(shortcuts, drawing.Descendants().Count(element => (string?)element.Attribute("class") == "joint"));
    }

    [Fact]
    public void BoxesDoNotOverlapAndLieWithinTheImage()
    {
        XElement root = Draw("densenet121", "densenet121").Root!;
        double[] frame = [.. root.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
        double[][] boxes = [.. root.Elements().Where(element => ((string?)element.Attribute("class"))?.StartsWith("box ") == true)
            .Select(element => new[] { "x", "y", "width", "height" }.Select(side => Number(element.Attribute(side)!.Value)).ToArray())];
        Assert.True(boxes.Length > 10);
        foreach (double[] box in boxes)
        {
            Assert.InRange(box[0], frame[0], frame[0] + frame[2] - box[2]);
            Assert.InRange(box[1], frame[1], frame[1] + frame[3] - box[3]);
            Assert.DoesNotContain(boxes, other => other != box && box[0] < other[0] + other[2] && other[0] < box[0] + box[2]
                && box[1] < other[1] + other[3] && other[1] < box[1] + box[3]);
        }
    }

    [Fact]
    public void TheTitleIsEscaped() => Assert.Contains("a <b> & \"c\"",
        Draw("resnet20_cifar", "a <b> & \"c\"").Descendants()
            .Where(element => element.Name.LocalName == "text").Select(text => text.Value));

    private static XDocument Draw(string name, string title)
    {
        using var scope = NewDisposeScope();
        using Backbone network = BackboneRegistry.Create(name, new() { NumClasses = 10 });
        network.eval();
        return XDocument.Parse(NetworkSummary.Of(network, zeros(1, 3, 64, 64)).ToSvg(title));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
