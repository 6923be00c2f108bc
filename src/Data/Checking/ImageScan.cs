using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Vision.Data;

/// <summary>Decodes every image of a data set, and finds those that cannot be read and those that are there twice.</summary>
internal static class ImageScan
{
    /// <summary>Looks at each image on all cores; what is found is reported in their order.</summary>
    /// <param name="images">Each file once, with the names of its splits.</param>
    /// <param name="more">What else is wrong with the image of a place in the list, once it was read. Called on several threads.</param>
    /// <param name="report">Gets the problems.</param>
    /// <param name="progress">Is told (images done, images in all).</param>
    /// <param name="cancellation">Ends it early.</param>
    public static void Run(IReadOnlyList<(string File, string Splits)> images, Func<int, IEnumerable<DatasetProblem>> more,
        DatasetReport report, Action<int, int>? progress, CancellationToken cancellation)
    {
        ConcurrentDictionary<string, string> hashes = new();
        var problems = new List<DatasetProblem>[images.Count];
        int done = 0;
        Parallel.For(0, images.Count,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            string file = images[i].File;
            problems[i] = [];
            try
            {
                ImageFile.Read(file).Dispose();
                using (FileStream stream = File.OpenRead(file)) hashes[file] = Convert.ToHexString(SHA256.HashData(stream));
                problems[i].AddRange(more(i));
            }
            catch (InputException exception)
            {
                problems[i].Add(DatasetProblem.Unreadable(file, exception));
            }
            lock (hashes) progress?.Invoke(++done, images.Count);
        });
        foreach (DatasetProblem problem in problems.SelectMany(own => own)) report.Add(problem);

        foreach (var same in images.Where(entry => hashes.ContainsKey(entry.File)).GroupBy(entry => hashes[entry.File]))
        {
            var first = same.First();
            foreach (var (file, splits) in same.Skip(1))
                report.Add(new(DatasetProblemKind.DuplicateImage, file, null,
                    "the same image as " +
                        $"{first.File}{(splits == first.Splits ? "" : $", which is in {first.Splits}, and this one in {splits}: results on them are too good")}"));
        }
    }
}
