namespace Vision.Ops.RoiAlignment;

/// <summary>The contribution of a pixel of an axis to a bin.</summary>
internal struct Tap<T>(int pixel, T weight) where T : unmanaged
{
    public readonly int Pixel = pixel;
    public T Weight = weight;
}
