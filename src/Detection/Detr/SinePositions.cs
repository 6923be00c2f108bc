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
        // Computed by tensors, in double precision: a graph has no other constants than parameters.
        Tensor period = (arange(0, frequencies, 1, float64, valid.device) * (Math.Log(Temperature) / frequencies)).exp()
            .to(ScalarType.Float32);                                                                            // [channels/4]
        return cat([Along(1), Along(2)], 3).MoveToOuterDisposeScope();

        Tensor Along(int dimension)
        {
            Tensor place = valid.cumsum(dimension, ScalarType.Float32);                                         // 1, 2, …: [N, h, w]
            Tensor extent = place.narrow(dimension, -1, 1) + Epsilon;
            Tensor angles = (place / extent * (2 * Math.PI)).unsqueeze(3) / period;                             // [N, h, w, channels/4]
            return stack([angles.sin(), angles.cos()], 4).flatten(3);                                           // [N, h, w, channels/2]
        }
    }
}
