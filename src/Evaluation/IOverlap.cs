namespace Vision.Evaluation;

/// <summary>How much detections and ground truth overlap: the only thing that differs between boxes, masks and keypoints.</summary>
public interface IOverlap
{
    /// <summary>Computes the overlaps between some detections and some objects of one image. Called from several threads.</summary>
    /// <param name="detections">Places in <see cref="EvaluationSet.Detections"/>.</param>
    /// <param name="truths">Places in <see cref="EvaluationSet.Truths"/>.</param>
    /// <param name="overlaps">Receives the overlaps in [0, 1], one row per detection.</param>
    void Compute(ReadOnlySpan<int> detections, ReadOnlySpan<int> truths, Span<double> overlaps);
}
