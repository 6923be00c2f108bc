using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Adapts published weights, which are for RGB, to networks with other input channels.</summary>
public static class InputChannelWeights
{
    /// <summary>
    /// Weights whose first convolution has the network's number of input channels. For one channel it is the sum over the three (a gray
    /// image then has the same result as gray RGB); otherwise the channels are repeated, scaled so that their sum is unchanged.
    /// </summary>
    /// <param name="weights">A classifier's state dict.</param>
    /// <param name="backbone">The network, built with other <see cref="BackboneOptions.InputChannels"/>.
    /// <see cref="ModuleWeights.LoadWeights"/> rejects weights that are not adapted.</param>
    /// <param name="source">The file, for messages.</param>
    /// <returns>The given weights if the channels are equal; otherwise a copy of the dict with one new tensor,
    /// owned by the caller or the open dispose scope.</returns>
    /// <exception cref="WeightsException">The weights lack the network's first convolution.</exception>
    public static IReadOnlyDictionary<string, Tensor> AdaptTo(IReadOnlyDictionary<string, Tensor> weights, Backbone backbone, string source)
    {
        (string key, var parameter) = backbone.named_parameters().First(entry => entry.parameter.dim() == 4);
        if (!weights.TryGetValue(key, out Tensor? first) || first.dim() != 4)
            throw new WeightsException(
                $"{source} has no convolution '{key}', so it does not fit this {backbone.GetName()}; load a file of this network");
        (long given, long wanted) = (first.shape[1], parameter.shape[1]);
        if (given == wanted) return weights;

        using var scope = NewDisposeScope();
        Tensor adapted;
        if (wanted == 1)
        {
            adapted = first.sum(1, keepdim: true);
        }
        else
        {
            long copies = (wanted + given - 1) / given;
            adapted = cat([.. Enumerable.Repeat(first, (int)copies)], 1).narrow(1, 0, wanted) * ((double)given / wanted);
        }
        return new Dictionary<string, Tensor>(weights) { [key] = adapted.MoveToOuterDisposeScope() };
    }
}
