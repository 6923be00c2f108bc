using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>Small images of three classes, told apart by color and shape, in a folder for each.</summary>
internal static class SmallPictures
{
    private static readonly (string Name, Scalar Color)[] kinds =
        [("blue", new(40, 60, 220)), ("green", new(40, 200, 60)), ("red", new(220, 50, 40))];

    /// <summary>Writes so many images of each class.</summary>
    public static ClassificationDataset Write(TempFolder folder, int each, int side = 32, string place = "pictures")
    {
        Random random = new(each);
        foreach (var (name, color) in kinds)
        {
            Directory.CreateDirectory(folder[$"{place}/{name}"]);
            for (int i = 0; i < each; i++)
            {
                using Mat image = new(side, side, MatType.CV_8UC3);
                random.NextBytes(image.AsSpan<byte>());
                int size = random.Next(side / 2, side - 4), x = random.Next(side - size), y = random.Next(side - size);
                Cv2.Rectangle(image, new Rect(x, y, size, size), new Scalar(color.Val2, color.Val1, color.Val0), -1);
                Cv2.ImWrite(folder[$"{place}/{name}/{i}.png"], image);
            }
        }
        return ClassificationReader.Read(folder[place]);
    }
}
