namespace Vision.Evaluation;

/// <summary>How Pascal VOC (Everingham et al. 2010) computes average precision from a precision–recall curve.</summary>
public enum VocRules
{
    /// <summary>The mean over the recalls 0, 0.1 … 1 of the maximum precision at that recall or beyond.</summary>
    Voc2007 = 2007,

    /// <summary>The area under the envelope of the curve.</summary>
    Voc2010 = 2010,
}
