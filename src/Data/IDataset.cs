namespace Vision.Data;

/// <summary>What all data sets have, whatever is annotated in them.</summary>
public interface IDataset
{
    /// <summary>What messages call it, such as <c>bccd/train</c>.</summary>
    string Name { get; }

    /// <summary>The classes.</summary>
    IReadOnlyList<Category> Categories { get; }

    /// <summary>How many images it has.</summary>
    int Count { get; }

    /// <summary>What was wrong while reading, and left out or put right.</summary>
    DatasetReport Report { get; }
}
