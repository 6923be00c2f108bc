namespace Vision.Backbones;

/// <summary>Weights that torchvision publishes, and how well they do.</summary>
/// <param name="Name">torchvision's name for them, such as <c>IMAGENET1K_V2</c>.</param>
/// <param name="Url">Where they are published.</param>
/// <param name="Top1">Images of ImageNet's validation set whose first class is right, in percent, as torchvision reports it.</param>
/// <param name="Top5">Images whose class is among the first five, in percent.</param>
/// <param name="Preprocessing">What the images must go through.</param>
public sealed record PublishedWeights(string Name, string Url, double Top1, double Top5, Preprocessing Preprocessing)
{
    /// <summary>The first hexadecimal digits of the file's SHA-256, which torch.hub puts into its name:
    /// <c>f37072fd</c> of <c>resnet18-f37072fd.pth</c>.</summary>
    public string Hash => Path.GetFileNameWithoutExtension(Url).Split('-')[^1];
}
