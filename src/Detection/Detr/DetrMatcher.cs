using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Matches queries with objects one to one at the minimum total cost, a weighted sum of the
/// class, the L1 distance and the generalized IoU of the boxes.</summary>
internal sealed class DetrMatcher
{
    // Replaces a cost of NaN: training then reaches the loss, which is
    // NaN too, and stops there with a clear message.
    private const double Unknown = 1e6;

    private readonly DetrOptions options;

    /// <summary>A matcher with the options' weights.</summary>
    public DetrMatcher(DetrOptions options) => this.options = options;

    /// <summary>The pairs of every layer of the decoder.</summary>
    /// <param name="logits">[layers, N, Q, classes + 1].</param>
    /// <param name="boxes">[layers, N, Q, 4], center, width and height as fractions of the image.</param>
    /// <param name="targets">The N images' objects.</param>
    /// <remarks>If an image has more objects than there are queries, the objects with the lowest
    /// cost are matched, and the others are ignored.</remarks>
    public DetrMatches Match(Tensor logits, Tensor boxes, DetrTargets targets)
    {
        int layers = (int)logits.shape[0], images = (int)logits.shape[1], queries = (int)logits.shape[2], most = targets.Counts.Max();
        float[] costs = most == 0 ? [] : Costs(logits, boxes, targets);
        List<long> rows = [], objects = [];
        for (int layer = 0; layer < layers; layer++)
        {
            for (int image = 0; image < images; image++)
            {
                int first = (layer * images + image) * queries;
                var cost = new double[targets.Counts[image], queries];
                for (int query = 0; query < queries; query++)
                    for (int item = 0; item < targets.Counts[image]; item++) cost[item, query] = costs[(first + query) * most + item];
                int[] queryOf = LinearAssignment.Solve(cost);
                for (int item = 0; item < queryOf.Length; item++)
                {
                    if (queryOf[item] < 0) continue;
                    rows.Add(first + queryOf[item]);
                    objects.Add(image * most + item);
                }
            }
        }
        return new([.. rows], [.. objects]);
    }

    /// <summary>The cost of each pair, copied to the host in one transfer: [layers, N, Q, T].</summary>
    private float[] Costs(Tensor logits, Tensor boxes, DetrTargets targets)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long layers = logits.shape[0], images = logits.shape[1], queries = logits.shape[2], most = targets.Boxes.shape[1];
        Tensor labels = targets.Labels.reshape(1, images, 1, most).expand(layers, images, queries, most);
        Tensor probability = logits.softmax(-1).gather(3, labels);                                      // [layers, N, Q, T]
        Tensor found = boxes.unsqueeze(3), wanted = targets.Boxes.reshape(1, images, 1, most, 4);
        Tensor distance = (found - wanted).abs().sum(-1);
        Tensor giou = DetrBoxes.Giou(DetrBoxes.ToCorners(found), DetrBoxes.ToCorners(wanted));
        Tensor cost = distance * options.BoxWeight - probability - giou * options.GiouWeight;
        return cost.nan_to_num(Unknown, Unknown, Unknown).to(float32).ToHost<float>();
    }
}
