namespace Vision.Detection;

/// <summary>Pairs of queries and objects, ordered by layer; each layer has the same number.</summary>
/// <param name="Queries">Rows of the predictions as [layers·N·Q].</param>
/// <param name="Objects">Rows of the targets as [N·T].</param>
internal sealed record DetrMatches(long[] Queries, long[] Objects);
