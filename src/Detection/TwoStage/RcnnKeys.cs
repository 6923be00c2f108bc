using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Identifies the two-stage detectors by their state dicts.</summary>
internal static class RcnnKeys
{
    private const string ClassBias = "roi_heads.box_predictor.cls_score.bias";
    private const string MaskBias = "roi_heads.mask_predictor.mask_fcn_logits.bias";

    /// <summary>The bias of the heat maps; its length is the number of keypoints.</summary>
    public const string KeypointBias = "roi_heads.keypoint_predictor.kps_score_lowres.bias";

    /// <summary>The number of classes, background included, of the detector with exactly these parts; null for other state dicts.</summary>
    public static int? ClassesOf(IReadOnlyDictionary<string, Tensor> weights, BoxHeadKind boxHead, bool pyramid, bool masks = false,
        bool keypoints = false)
    {
        if (!weights.TryGetValue(ClassBias, out Tensor? bias)) return null;
        BoxHeadKind found = weights.ContainsKey("roi_heads.box_head.fc6.weight") ? BoxHeadKind.TwoLayers
            : weights.ContainsKey("roi_heads.box_head.0.0.weight") ? BoxHeadKind.Convolutions
            : BoxHeadKind.LastStage;
        bool same = found == boxHead
            && pyramid == weights.Keys.Any(key => key.StartsWith("backbone.fpn.", StringComparison.Ordinal))
            && masks == weights.ContainsKey(MaskBias)
            && keypoints == weights.ContainsKey(KeypointBias);
        return same ? (int)bias.shape[0] : null;
    }
}
