using Vision.Backbones;
using Vision.Data;
using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Snippets;

internal static class Parts
{
    public static void Stages(Tensor images)
    {
        #region stages
        using Backbone backbone = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 0 });
        foreach (Stage stage in backbone.Stages)
            Console.WriteLine($"{stage.Name}: {stage.Channels} channels, stride {stage.Reduction}");

        Tensor[] features = backbone.forward_features(images, 1, -1);       // the outputs of layer1 and layer4
        #endregion
        Console.WriteLine(features.Length);
    }

    public static void Pyramid(Backbone backbone, Tensor images)
    {
        #region pyramid
        using BackboneWithFpn pyramid = new(backbone);                      // takes the channels from the backbone's stages
        Tensor[] levels = pyramid.call(images);                             // P2..P6, 256 channels each, strides 4 to 64
        #endregion
        Console.WriteLine(levels.Length);
    }

    public static void ByName()
    {
        #region by-name
        DetectorOptions options = DetectorCatalog.DefaultsOf("fasterrcnn_resnet18_fpn", numClasses: 3);     // two and the background
        using Detector detector = DetectorCatalog.Create("fasterrcnn_resnet18_fpn", options);
        #endregion
    }

    public static void ByHand()
    {
        #region by-hand
        RcnnDesign design = RcnnDesign.Fpn(wanted => BackboneRegistry.Create("resnet18", wanted with { NumClasses = 0 }));
        using FasterRcnn detector = new(design, new DetectorOptions { NumClasses = 3 });
        #endregion
    }

    public static void Step(Detector detector, DetectionBatch batch, optim.Optimizer optimizer)
    {
        #region step
        detector.train();
        using (NewDisposeScope())
        {
            Losses losses = detector.ComputeLosses(batch);
            foreach ((string name, Tensor value) in losses) Console.WriteLine($"{name}: {value.item<float>():0.000}");
            optimizer.zero_grad();
            losses.Total().backward();
            optimizer.step();
        }
        #endregion
    }
}
