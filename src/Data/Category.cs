namespace Vision.Data;

/// <summary>A class of objects: the id that its data set gives it, and its name.</summary>
/// <remarks>
/// A detector's label of a category is its place in the data set's list plus one (0 is background); a classifier's is its place, from 0. Ids may be any numbers, as COCO's are.
/// </remarks>
/// <param name="Id">The data set's own category id, as it goes back out into results.</param>
/// <param name="Name">What a person calls it, such as "person".</param>
public sealed record Category(int Id, string Name);
