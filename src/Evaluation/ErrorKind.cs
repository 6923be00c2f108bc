namespace Vision.Evaluation;

/// <summary>What is wrong with a detection that counts as false, or with an object that was not
/// found (TIDE, Bolya et al. 2020, arXiv:2008.08115).</summary>
public enum ErrorKind
{
    /// <summary>It lies on an object of another class.</summary>
    Classification,

    /// <summary>It is near an object of its class, but overlaps it too little.</summary>
    Localization,

    /// <summary>It is near an object of another class.</summary>
    Both,

    /// <summary>Its object was found already.</summary>
    Duplicate,

    /// <summary>There is no object.</summary>
    Background,

    /// <summary>An object that was not found, nor nearly found by a detection of the first two kinds.</summary>
    Missed,
}
