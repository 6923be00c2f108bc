namespace Vision.Data;

/// <summary>The common interface of all data sets, whatever their annotations.</summary>
public interface IDataset
{
    /// <summary>Its name in messages, such as <c>bccd/train</c>.</summary>
    string Name { get; }

    /// <summary>The classes.</summary>
    IReadOnlyList<Category> Categories { get; }

    /// <summary>The number of images.</summary>
    int Count { get; }

    /// <summary>Problems found while reading; what they concern was left out or corrected.</summary>
    DatasetReport Report { get; }
}
