using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>A data set of a few small images on disk: bright squares and discs on noise.</summary>
internal static class SmallScenes
{
    public static DetectionDataset Write(TempFolder folder, int images, int width = 128, int height = 96)
    {
        Random random = new(7);
        List<Targets> samples = [];
        for (int id = 1; id <= images; id++)
        {
            using Mat image = new(height, width, MatType.CV_8UC3);
            random.NextBytes(image.AsSpan<byte>());
            List<Annotation> objects = [];
            for (int n = 0; n < 2; n++)
            {
                int size = random.Next(height / 4, height / 2), x = random.Next(width - size), y = random.Next(height - size),
                    label = random.Next(1, 3);
                if (label == 1) Cv2.Rectangle(image, new Rect(x, y, size, size), new Scalar(60, 220, 60), -1);
                else Cv2.Circle(image, new Point(x + size / 2, y + size / 2), size / 2, new Scalar(220, 60, 220), -1);
                objects.Add(new() { Id = 10 * id + n, Box = new(x, y, x + size, y + size), Label = label, Area = size * size });
            }
            string file = folder[$"{id}.png"];
            Cv2.ImWrite(file, image);
            samples.Add(new() { ImageId = id, File = file, Width = width, Height = height, Objects = objects });
        }
        return new() { Name = "scenes", Categories = [new(1, "square"), new(2, "disc")], Samples = samples };
    }
}
