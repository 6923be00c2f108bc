using Vision.Data;
using Vision.Detection;
using Vision.Onnx;

namespace Vision.Snippets;

internal static class Export
{
    public static void Write()
    {
        #region write
        using var trained = TrainedDetector.Load("runs/cells/best.safetensors");
        Exporter.ToOnnx(trained, "cells.onnx");
        #endregion

        #region precision
        Exporter.ToOnnx(trained, "small.onnx", new() { Precision = ExportPrecision.Int8, Calibration = "photos" });
        #endregion
    }

    public static void Verify(TrainedDetector trained)
    {
        #region verify
        using var exported = OnnxDetector.Load("cells.onnx");
        foreach (var found in exported.Predict("photo.jpg"))
            Console.WriteLine($"{found.Category.Name} {found.Score:0.00} {found.Box}");

        OnnxComparison comparison = OnnxVerification.Run(trained, exported, ImageFile.InFolder("photos"));
        Console.WriteLine($"largest difference of a score: {comparison.LargestDifference:G2}");
        #endregion
    }

    public static void Read()
    {
        #region contract
        OnnxContract contract = OnnxContract.Read("cells.onnx");        // without loading the network
        Console.WriteLine($"{contract.Model}: {string.Join(", ", contract.Categories.Select(category => category.Name))}");
        foreach (OnnxOutput output in contract.Outputs)
            Console.WriteLine($"{output.Name} {output.Shape}: {output.Meaning}");
        #endregion
    }
}
