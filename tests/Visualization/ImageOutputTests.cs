using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Visualization.Tests;

public class ImageOutputTests
{
    [Fact]
    public void WritesRgbAndMakesTheFolder()
    {
        using TempFolder folder = new();
        using Mat image = new(4, 5, MatType.CV_8UC3, new Scalar(200, 100, 50));

        ImageOutput.Write(folder["a/b/image.png"], image);

        using Mat back = ImageFile.Read(folder["a/b/image.png"]);
        Assert.Equal(Pixels.Bytes(image), Pixels.Bytes(back));
        Assert.Equal([folder["a/b/image.png"]], Directory.GetFiles(folder["a/b"]));
    }

    [Fact]
    public void UnknownFormatIsSaid()
    {
        using TempFolder folder = new();
        using Mat image = Pixels.Plain(4, 4);
        foreach (string name in new[] { "image.txt", "image" })
        {
            InputException error = Assert.Throws<InputException>(() => ImageOutput.Write(folder[name], image));
            Assert.Equal(
                $"{folder[name]}: images cannot be written as '{Path.GetExtension(name)}'; use a name that ends in .png or .jpg.",
                error.Message);
        }
    }

    [Fact]
    public void FolderThatIsAFileIsSaid()
    {
        using TempFolder folder = new();
        folder.Write("file", "");
        using Mat image = Pixels.Plain(4, 4);
        InputException error = Assert.Throws<InputException>(() => ImageOutput.Write(folder["file/image.png"], image));
        Assert.StartsWith($"{folder["file/image.png"]} cannot be written (", error.Message);
    }
}
