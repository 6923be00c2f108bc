namespace Vision.Backbones;

/// <summary>Weights that torchvision publishes, and their accuracy.</summary>
/// <param name="Name">torchvision's name for them, such as <c>IMAGENET1K_V2</c>.</param>
/// <param name="Url">Where they are published.</param>
/// <param name="Top1">Top-1 accuracy on ImageNet's validation set, in percent, as torchvision reports it.</param>
/// <param name="Top5">Top-5 accuracy, in percent.</param>
/// <param name="Preprocessing">The preprocessing that the images need.</param>
public sealed record PublishedWeights(string Name, string Url, double Top1, double Top5, Preprocessing Preprocessing)
{
    /// <summary>The first hexadecimal digits of the file's SHA-256, which torch.hub puts into its name:
    /// <c>f37072fd</c> of <c>resnet18-f37072fd.pth</c>.</summary>
    public string Hash => Path.GetFileNameWithoutExtension(Url).Split('-')[^1];
}
