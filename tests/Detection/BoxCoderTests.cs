using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class BoxCoderTests
{
    public static TheoryData<string> Coders => ["proposals", "detections"];

    [SkippableTheory, MemberData(nameof(Coders))]
    public void DeltasAndBoxesAreTorchvisions(string name)
    {
        using var scope = NewDisposeScope();
        BoxCoder coder = Coder(name);
        Tensor anchors = Parts.Get("coder.anchors");
        Close.To(coder.Encode(Parts.Get("coder.boxes"), anchors), Parts.Get($"coder.{name}.encoded"), 1e-6);
        Tensor deltas = Parts.Get("coder.deltas").reshape(-1, 3, 4);
        Close.To(coder.Decode(deltas, anchors.unsqueeze(1)), Parts.Get($"coder.{name}.decoded"), 1e-6);
    }

    [Theory, MemberData(nameof(Coders))]
    public void DecodingUndoesEncoding(string name)
    {
        using var scope = NewDisposeScope();
        Tensor boxes = tensor(new float[] { 3, 4, 50, 60, 0, 0, 1, 200 }).reshape(2, 4);
        Tensor anchors = tensor(new float[] { 10, 10, 20, 20, -5, 5, 30, 90 }).reshape(2, 4);
        Close.To(Coder(name).Decode(Coder(name).Encode(boxes, anchors), anchors), boxes, 1e-6);
    }

    [Fact]
    public void AnAbsurdDeltaStaysFinite()
    {
        using var scope = NewDisposeScope();
        Tensor decoded = BoxCoder.ForProposals.Decode(full(1, 4, 1000f), tensor(new float[] { 0, 0, 16, 16 }).reshape(1, 4));
        Assert.Equal(1000, (decoded[0, 2] - decoded[0, 0]).item<float>(), 1);
    }

    private static BoxCoder Coder(string name) => name == "proposals" ? BoxCoder.ForProposals : BoxCoder.ForDetections;
}
