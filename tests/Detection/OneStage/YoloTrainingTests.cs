using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class YoloTrainingTests
{
    private const int Steps = 60;
    private static readonly Box[] boxes = [new(16, 20, 70, 80), new(60, 30, 118, 100)];

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("yolov3_resnet18"), InlineData("yolox_resnet18")]
    public void TwoImagesAreLearnedByHeart(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name, adapt: options => options with { NumClasses = 4, Norm = NormKind.GroupNorm });
        DetectionBatch batch = Shapes();
        using var optimizer = optim.AdamW(model.parameters(), 1e-3);
        model.train();
        float first = 0, last = 0;
        for (int step = 0; step < Steps; step++)
        {
            using var stepScope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor total = model.ComputeLosses(batch).Total();
            total.backward();
            optimizer.step();
            last = total.item<float>();
            if (step == 0) first = last;
        }
        Assert.True(last < 0.3f * first, $"The loss fell from {first} to {last} only.");

        model.eval();
        Detections[] found = model.call([.. batch.Images]);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.True(found[i].Count > 0, $"Nothing is found in image {i}.");
            Assert.Equal(i + 1, found[i].Labels[0]);
            double iou = found[i].Boxes[0].Iou(boxes[i]);
            Assert.True(iou > 0.5, $"{found[i].Boxes[0]} overlaps {boxes[i]} by {iou} only.");
        }
    }

    /// <summary>A red and a blue rectangle on noise.</summary>
    private static DetectionBatch Shapes()
    {
        using var generator = new Generator(5);
        var images = new Tensor[boxes.Length];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = rand([3, 128, 128], generator: generator) * 0.4f;
            Box box = boxes[i];
            images[i][2 * i].narrow(0, (long)box.Y1, (long)box.Height).narrow(1, (long)box.X1, (long)box.Width).fill_(1);
        }
        return new()
        {
            Images = images,
            Targets = [.. boxes.Select((box, i) =>
                new Targets { ImageId = i, File = $"{i}.jpg", Width = 128, Height = 128,
                    Objects = [new() { Id = i, Box = box, Label = i + 1, Area = box.Area }] })],
        };
    }
}
