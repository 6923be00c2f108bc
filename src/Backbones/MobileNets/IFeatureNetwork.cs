namespace Vision.Backbones;

/// <summary>A network whose layers before the classifier are a <see cref="FeatureSequence"/>.</summary>
internal interface IFeatureNetwork
{
    /// <summary>The features.</summary>
    FeatureSequence Sequence { get; }
}
