using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class MatcherTests
{
    [SkippableFact]
    public void OverlapsAreTorchvisions()
    {
        using var scope = NewDisposeScope();
        Close.To(BoxMath.Iou(Parts.Get("objects"), Parts.Get("anchors")), Parts.Get("iou"), 0);
    }

    [SkippableTheory]
    [InlineData("rpn", 0.7, 0.3, true), InlineData("roi", 0.5, 0.5, false), InlineData("strict", 0.7, 0.3, false)]
    public void MatchesAreTorchvisions(string name, double positive, double negative, bool keepBest)
    {
        using var scope = NewDisposeScope();
        Tensor matches = new Matcher(positive, negative, keepBest).Match(Parts.Get("objects"), Parts.Get("anchors"));
        Close.To(matches, Parts.Get($"matches.{name}"), 0);
    }

    [Fact]
    public void EachThresholdBelongsToTheUpperSide()
    {
        using var scope = NewDisposeScope();
        Tensor objects = tensor(new float[] { 0, 0, 10, 10 }).reshape(1, 4);
        Tensor boxes = tensor(new float[] { 0, 0, 10, 5, 0, 0, 10, 2.5f, 0, 0, 10, 2 }).reshape(3, 4);     // IoU 0.5, 0.25, 0.2
        Tensor matches = new Matcher(0.5, 0.25, keepBest: false).Match(objects, boxes);
        Assert.Equal([0, Matcher.Ignored, Matcher.Background], matches.ToHost<long>());
    }

    [Fact]
    public void WithoutObjectsAllIsBackground()
    {
        using var scope = NewDisposeScope();
        Tensor matches = new Matcher(0.7, 0.3, keepBest: true).Match(zeros(0, 4), ones(3, 4));
        Assert.Equal([Matcher.Background, Matcher.Background, Matcher.Background], matches.ToHost<long>());
    }
}
