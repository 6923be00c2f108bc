using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Published weights, which are for RGB, under networks that take other images.</summary>
public static class InputChannelWeights
{
    /// <summary>
    /// Weights whose first convolution takes as many channels as the network: from three channels their sum for one (a gray image then
    /// gives what it gave as gray RGB), and else their repetition, scaled so that the sum over all channels stays.
    /// </summary>
    /// <param name="weights">A classifier's state dict.</param>
    /// <param name="backbone">The network, built with other <see cref="BackboneOptions.InputChannels"/>.
    /// <see cref="ModuleWeights.LoadWeights"/> refuses such weights otherwise.</param>
    /// <param name="source">The file, for messages.</param>
    /// <returns>The given weights where the channels are equal; else a copy of the dict with one new tensor,
    /// which is the caller's or the open dispose scope's.</returns>
    /// <exception cref="WeightsException">The weights lack the network's first convolution.</exception>
    public static IReadOnlyDictionary<string, Tensor> AdaptTo(IReadOnlyDictionary<string, Tensor> weights, Backbone backbone, string source)
    {
        (string key, var parameter) = backbone.named_parameters().First(entry => entry.parameter.dim() == 4);
        if (!weights.TryGetValue(key, out Tensor? first) || first.dim() != 4)
            throw new WeightsException(
                $"{source} has no convolution '{key}': these are not weights of this {backbone.GetName()}; name a file of this network");
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
