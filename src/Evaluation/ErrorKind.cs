namespace Vision.Evaluation;

/// <summary>The error of a false positive, or of a missed object (TIDE, Bolya et al. 2020, arXiv:2008.08115).</summary>
public enum ErrorKind
{
    /// <summary>It is on an object of another class.</summary>
    Classification,

    /// <summary>It is near an object of its class, but its overlap is too small.</summary>
    Localization,

    /// <summary>It is near an object of another class.</summary>
    Both,

    /// <summary>Its object was already detected.</summary>
    Duplicate,

    /// <summary>It is on background.</summary>
    Background,

    /// <summary>An object that was not found and is not the target of an error of the first two kinds.</summary>
    Missed,
}
