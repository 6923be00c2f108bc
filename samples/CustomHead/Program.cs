// Trains a custom head on any registered backbone: two convolutions on the last stage classify every pixel.
//   dotnet run --project samples/CustomHead -- FOLDER [EPOCHS]
using TorchSharp.Modules;
using Vision.Data;
using Vision.Segmentation;
using Vision.Training;
using static TorchSharp.torch;

SegmenterCatalog.Add(new()
{
    Prefix = "plain_",
    Stages = stages => [stages.Count - 1],
    Create = (stages, options) => new PlainHead(stages[0].Channels, options.NumClasses),
    Recognizes = has => has("classify.weight") && !has("0.weight"),
    ClassLayers = ["classify"],
});
var data = SegmentationData.Open(args[0]);
var run = SegmenterTraining.Run("plain_resnet18", data,
    new() { Epochs = args.Length > 1 ? int.Parse(args[1]) : 12, MinSize = 120, BatchSize = 4 });
using var segmenter = TrainedSegmenter.Load(run.Best);
Console.WriteLine($"{run.Best}: mIoU {segmenter.Evaluate(data.Validation).MeanIou:0.000}");

internal sealed class PlainHead : SegmentationHead
{
    private readonly Conv2d reduce, classify;

    public PlainHead(int channels, int classes) : base(nameof(PlainHead))
    {
        reduce = nn.Conv2d(channels, 128, 3, 1, 1);
        classify = nn.Conv2d(128, classes, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor[] features)               // [N, channels, h, w] of the last stage
    {
        using var scope = NewDisposeScope();
        return classify.call(reduce.call(features[0]).relu()).MoveToOuterDisposeScope();
    }
}
