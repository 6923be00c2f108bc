namespace Vision.Evaluation;

/// <summary>The overlap of detections and ground truth: the only difference between evaluating boxes, masks and keypoints.</summary>
public interface IOverlap
{
    /// <summary>Computes the overlaps between some detections and some objects of one image. Called from several threads.</summary>
    /// <param name="detections">Indices in <see cref="EvaluationSet.Detections"/>.</param>
    /// <param name="truths">Indices in <see cref="EvaluationSet.Truths"/>.</param>
    /// <param name="overlaps">Receives the overlaps in [0, 1], one row per detection.</param>
    void Compute(ReadOnlySpan<int> detections, ReadOnlySpan<int> truths, Span<double> overlaps);
}
