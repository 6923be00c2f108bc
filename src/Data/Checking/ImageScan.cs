using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Vision.Data;

/// <summary>Decodes every image of a data set, and finds unreadable and duplicate ones.</summary>
internal static class ImageScan
{
    /// <summary>Examines the images on all cores; problems are reported in the order of the images.</summary>
    /// <param name="images">Each file once, with the names of its splits.</param>
    /// <param name="more">Further problems of the image at an index of the list, once it has been read. Called on several threads.</param>
    /// <param name="report">Receives the problems.</param>
    /// <param name="progress">Receives (images processed, total images).</param>
    /// <param name="cancellation">Cancels the scan.</param>
    public static void Run(IReadOnlyList<(string File, string Splits)> images, Func<int, IEnumerable<DatasetProblem>> more,
        DatasetReport report, Action<int, int>? progress, CancellationToken cancellation)
    {
        ConcurrentDictionary<string, string> hashes = new();
        var problems = new List<DatasetProblem>[images.Count];
        int done = 0;
        ParallelOptions parallel = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, images.Count, parallel, i =>
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
                    $"the same image as {first.File}" + (splits == first.Splits ? "" :
                        $", which is in {first.Splits}, while this one is in {splits}: evaluation results would be too good")));
        }
    }
}
