namespace Vision.Evaluation;

/// <summary>How Pascal VOC (Everingham et al. 2010) reads average precision off a precision–recall curve.</summary>
public enum VocRules
{
    /// <summary>The mean of the best precisions at the recalls 0, 0.1 … 1 and beyond.</summary>
    Voc2007 = 2007,

    /// <summary>The area under the envelope of the curve.</summary>
    Voc2010 = 2010,
}
