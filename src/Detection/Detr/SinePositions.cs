using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The position encoding: sines and cosines of a cell's position in its image, half of the channels
/// for y, half for x (arXiv:2005.12872, appendix A.4).</summary>
internal static class SinePositions
{
    private const double Temperature = 10000, Epsilon = 1e-6;

    /// <summary>The encoding of each cell.</summary>
    /// <param name="valid">Which cells belong to the images: bool [N, h, w]. Every image spans 0 to 2π in both directions.</param>
    /// <param name="channels">A multiple of 4.</param>
    /// <returns>[N, h, w, channels].</returns>
    public static Tensor Of(Tensor valid, int channels)
    {
        using var scope = NewDisposeScope();
        int frequencies = channels / 4;
        float[] periods = [.. Enumerable.Range(0, frequencies).Select(i => (float)Math.Pow(Temperature, (double)i / frequencies))];
        Tensor period = tensor(periods).to(valid.device);
        return cat([Along(1), Along(2)], 3).MoveToOuterDisposeScope();

        Tensor Along(int dimension)
        {
            Tensor place = valid.cumsum(dimension, ScalarType.Float32);                                         // 1, 2, …: [N, h, w]
            Tensor extent = place.narrow(dimension, place.shape[dimension] - 1, 1) + Epsilon;
            Tensor angles = (place / extent * (2 * Math.PI)).unsqueeze(3) / period;                             // [N, h, w, channels/4]
            return stack([angles.sin(), angles.cos()], 4).flatten(3);                                           // [N, h, w, channels/2]
        }
    }
}
