using TorchSharp;
using Vision.Testing;
using static TorchSharp.torch;
using static TorchSharp.torchvision.ops;

namespace Vision.Interop.Tests;

/// <summary>The box functions against torchvision's: output, and gradient of the first input.</summary>
public class BoxParityTests
{
    private static readonly PeerTensors peer = new("interop_modules.py");

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> functions = new()
    {
        ["box_area"] = (boxes, _) => box_area(boxes),
        ["box_iou"] = box_iou,
        ["generalized_box_iou"] = generalized_box_iou,
    };

    public static TheoryData<string> Names =>
    [
        .. functions.Keys,
        .. from source in Enum.GetNames<BoxFormats>() from target in Enum.GetNames<BoxFormats>() select $"box_convert_{source}_{target}",
    ];

    [SkippableTheory, MemberData(nameof(Names))]
    public void EqualsTorchvision(string name)
    {
        using var scope = NewDisposeScope();
        Tensor boxes = peer[$"{name}/x0"].clone().requires_grad_();
        Tensor y = functions.TryGetValue(name, out var function) ? function(boxes, peer.Has($"{name}/x1") ? peer[$"{name}/x1"] : boxes)
            : box_convert(boxes, Format(name, 2), Format(name, 3));
        Close.To(y, peer[$"{name}/y"], 2e-6, "output");
        PeerTensors.Loss(y).backward();
        Close.To(boxes.grad!, peer[$"{name}/gradient"], 2e-6, "gradient");
    }

    [Fact]
    public void NothingIsLeftAlive() => LiveTensors.Unchanged(() =>
    {
        using Tensor boxes = tensor(new float[,] { { 0, 0, 2, 2 }, { 1, 1, 3, 3 } });
        box_convert(boxes, BoxFormats.xywh, BoxFormats.cxcywh).Dispose();
        box_iou(boxes, boxes).Dispose();
        generalized_box_iou(boxes, boxes).Dispose();
    });

    private static BoxFormats Format(string name, int part) => Enum.Parse<BoxFormats>(name.Split('_')[part]);
}
