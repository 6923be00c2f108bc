using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>What a parity script found and was trained on.</summary>
internal static class ParityTargets
{
    /// <summary>The detections of an image.</summary>
    public static Detections Detections(int image, Dictionary<string, Tensor> expected) => new()
    {
        Boxes = [.. expected[$"detections.{image}.boxes"].ToHost<float>().Chunk(4).Select(box => new Box(box[0], box[1], box[2], box[3]))],
        Labels = [.. expected[$"detections.{image}.labels"].ToHost<long>().Select(label => (int)label)],
        Scores = expected[$"detections.{image}.scores"].ToHost<float>(),
    };

    /// <summary>The objects of an image, and a crowd, which the peer does not know: crowds are not trained on.</summary>
    public static Targets Of(Tensor image, int i, Dictionary<string, Tensor> expected)
    {
        float[][] boxes = [.. expected[$"targets.{i}.boxes"].ToHost<float>().Chunk(4)];
        long[] labels = expected[$"targets.{i}.labels"].ToHost<long>();
        IEnumerable<Annotation> objects = boxes.Select((box, j) => new Annotation
        {
            Id = j, Box = new(box[0], box[1], box[2], box[3]), Label = (int)labels[j], Area = 1,
        });
        var crowd = new Annotation { Id = 99, Box = new(0, 0, 100, 100), Label = 1, Area = 1, IsCrowd = true };
        return new() { ImageId = i, File = $"{i}.jpg", Width = (int)image.shape[2], Height = (int)image.shape[1],
            Objects = [.. objects, crowd] };
    }
}
