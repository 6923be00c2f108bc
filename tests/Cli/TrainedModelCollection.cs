namespace Vision.Cli.Tests;

/// <summary>The classes whose tests use one trained model; they run one after another, since each run of the tool uses all cores.</summary>
[CollectionDefinition(Name)]
public sealed class TrainedModelCollection : ICollectionFixture<TrainedModel>
{
    public const string Name = "trained model";
}
