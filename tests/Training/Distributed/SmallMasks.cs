using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>Small images of bright squares on noise, with masks of background and square.</summary>
internal static class SmallMasks
{
    public static SegmentationDataset Write(TempFolder folder, int images, int side = 64)
    {
        Random random = new(5);
        Directory.CreateDirectory(folder["masks/images"]);
        Directory.CreateDirectory(folder["masks/masks"]);
        for (int i = 0; i < images; i++)
        {
            using Mat image = new(side, side, MatType.CV_8UC3), mask = new(side, side, MatType.CV_8UC1, Scalar.All(0));
            random.NextBytes(image.AsSpan<byte>());
            int size = random.Next(side / 4, side / 2), x = random.Next(side - size), y = random.Next(side - size);
            Cv2.Rectangle(image, new Rect(x, y, size, size), new Scalar(60, 220, 60), -1);
            Cv2.Rectangle(mask, new Rect(x, y, size, size), Scalar.All(1), -1);
            Cv2.ImWrite(folder[$"masks/images/{i:d3}.png"], image);
            Cv2.ImWrite(folder[$"masks/masks/{i:d3}.png"], mask);
        }
        return SegmentationData.Open(folder["masks"]).Train;
    }
}
