using System.Xml.Linq;
using Vision.Graphs;
using Vision.Testing;

namespace Vision.Detection.Tests;

/// <summary>Summaries of whole detectors.</summary>
public class DetectorSummaryTests
{
    /// <summary>torchvision's published counts, <c>_ops</c> of its weights, for an image of 512×512, which detectors enlarge to 800×800. The
    /// image is noise, in which Mask R-CNN found nothing: its heads of masks and keypoints are not counted.</summary>
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("fasterrcnn_resnet50_fpn", 91, 800, 134.38)]
    [InlineData("maskrcnn_resnet50_fpn", 91, 800, 134.38)]
    [InlineData("retinanet_resnet50_fpn", 91, 800, 151.54)]
    [InlineData("fcos_resnet50_fpn", 91, 800, 128.207)]
    [InlineData("ssd300_vgg16", 91, 300, 34.858)]
    [InlineData("ssdlite320_mobilenet_v3_large", 91, 320, 0.583)]
    public void MultiplyAddsAreThePublishedOnes(string name, int classes, int side, double published)
    {
        using Detector detector = DetectorCatalog.Create(name, DetectorCatalog.DefaultsOf(name, classes));
        detector.eval();
        NetworkSummary summary = detector.Summarize(side, side);
        double masks = summary.Blocks.Where(row => row.Name.StartsWith("roi_heads.mask", StringComparison.Ordinal))
            .Sum(row => row.MultiplyAdds);
        Assert.Equal(published, (summary.MultiplyAdds - masks) / 1e9, published * 0.001);
        Assert.Equal(detector.parameters().Sum(parameter => parameter.numel()), summary.Parameters);
        Assert.Equal(summary.Parameters, summary.Blocks.Sum(row => row.Parameters));
        Assert.Equal(summary.Parameters, summary.AtDepth(2).Sum(row => row.Parameters));
    }

    [Theory]
    [InlineData("fasterrcnn_resnet18_fpn", "1×3×64×96, 10×256×7×7", "roi_heads.box_predictor")]
    [InlineData("cascade_mask_rcnn_resnet18_fpn", "1×3×64×96, 10×256×7×7, 10×256×7×7, 10×256×7×7, 5×256×14×14", "roi_heads.box_head.2")]
    [InlineData("keypointrcnn_resnet18_fpn", "1×3×64×96, 10×256×7×7, 5×256×14×14", "roi_heads.keypoint_head")]
    [InlineData("retinanet_resnet18_fpn", "1×3×64×96", "head.regression_head")]
    [InlineData("detr_resnet18", "1×3×64×96, 1×32×2×3", "transformer.decoder")]
    public void EachPartIsShownOnce(string name, string inputs, string module)
    {
        using Detector detector = SmallDetectors.Small(name);
        detector.eval();
        NetworkSummary summary = detector.Summarize(64, 96);
        Assert.Equal(inputs, string.Join(", ", summary.InputShapes.Select(shape => string.Join('×', shape))));
        foreach (IReadOnlyList<LayerSummary> rows in (IReadOnlyList<LayerSummary>[])[summary.Blocks, summary.AtDepth(3)])
        {
            Assert.Equal(detector.parameters().Sum(parameter => parameter.numel()), rows.Sum(row => row.Parameters));
            Assert.Equal(summary.MultiplyAdds, rows.Sum(row => row.MultiplyAdds));
            Assert.Contains(rows, row => row.Name.StartsWith(module, StringComparison.Ordinal) && row.MultiplyAdds > 0);
        }
        string[] ends = [.. XDocument.Parse(summary.ToSvg(name)).Descendants()
            .Where(element => (string?)element.Attribute("class") == "endtext").Select(element => element.Value)];
        Assert.Equal(2 * summary.InputShapes.Count, ends.Length);
        Assert.Equal(summary.InputShapes.Select(shape => $"input {string.Join(" × ", shape)}"), ends.Where((_, i) => i % 2 == 0));
    }
}
