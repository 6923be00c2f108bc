using Vision.Classification;
using Vision.Graphs;
using Vision.Segmentation;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Snippets;

internal static class Networks
{
    public static void Compile()
    {
        #region compile
        using var segmenter = TrainedSegmenter.Load("runs/road/best.safetensors");
        segmenter.Compile();
        segmenter.PredictVideo("road.mp4", "segmented.mp4");
        #endregion
    }

    public static void Summarize(TrainedClassifier classifier)
    {
        #region summary
        using Tensor image = zeros(1, 3, 224, 224);
        NetworkSummary summary = NetworkSummary.Of(classifier.Model, image);
        Console.WriteLine($"{summary.Parameters / 1e6:0.0} M parameters, {summary.MultiplyAdds / 1e9:0.00} G multiply-adds");
        foreach (LayerSummary layer in summary.AtDepth(1))
            Console.WriteLine($"{layer.Name}: {layer.Parameters} parameters");
        File.WriteAllText("network.svg", summary.ToSvg("My network"));
        #endregion
    }
}
