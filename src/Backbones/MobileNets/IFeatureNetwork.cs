namespace Vision.Backbones;

/// <summary>A network that is a sequence of features before its classifier.</summary>
internal interface IFeatureNetwork
{
    /// <summary>The features.</summary>
    FeatureSequence Sequence { get; }
}
