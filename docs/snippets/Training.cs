using Vision.Data;
using Vision.Detection;
using Vision.Training;

namespace Vision.Snippets;

internal static class Training
{
    public static void FineTune()
    {
        #region fine-tune
        var data = DetectionData.Open("photos");
        var run = DetectorTraining.Run("fasterrcnn_resnet50_fpn", data, new()
        {
            Weights = "coco",                       // pretrained by torchvision on COCO; the last layer is new
            Epochs = 12,
            BatchSize = 2,
            Folder = "runs/photos",
        });
        #endregion
        Console.WriteLine(run.Best);
    }

    public static void Resume()
    {
        #region resume
        var data = DetectionData.Open("photos");
        var run = DetectorTraining.Run("fasterrcnn_resnet50_fpn", data, new()
        {
            Weights = "coco", Epochs = 12, BatchSize = 2, Folder = "runs/photos",
            Resume = true,
        });
        #endregion
        Console.WriteLine(run.Best);
    }

    #region callback
    private sealed class SlowEpochs : TrainingCallback
    {
        private DateTime start;

        public override void Started(TrainingRun run) => start = DateTime.UtcNow;

        public override void EpochEnded(TrainingRun run, EpochReport epoch)
        {
            double minutes = (DateTime.UtcNow - start).TotalMinutes / epoch.Epoch;
            run.Log("minutes_per_epoch", minutes);
            if (epoch.Epoch == 3) run.RateFactor = 0.5;             // half the learning rate from here on
            if (minutes > 60) run.Stop("an epoch takes more than an hour");
        }
    }
    #endregion

    public static void Call(DataSplits<DetectionDataset> data) =>
        DetectorTraining.Run("fasterrcnn_resnet18_fpn", data, new() { Callbacks = [new SlowEpochs()] });

    public static void SuppressLess()
    {
        #region suppression
        // Crowded objects: NMS drops a box only above an IoU of 0.6 with a better one. For a detector of one stage, set its own options,
        // such as options.RetinaNet.
        using var detector = TrainedDetector.Load("runs/photos/best.safetensors", configure: options => options with
        {
            Roi = options.Roi with { Suppression = new() { IouThreshold = 0.6 } },
        });
        #endregion
    }

    public static void Configure(DataSplits<DetectionDataset> data)
    {
        #region configure
        DetectorTraining.Run("fasterrcnn_resnet50_fpn", data, new()
        {
            MinSize = 600, MaxSize = 1000,
            Configure = options => options with { FrozenStages = 2 },       // the stem and C2 are not trained
        });
        #endregion
    }
}
