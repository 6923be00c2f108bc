using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using OpenCvSharp;
using Vision.Training.Schema;
using static TorchSharp.torch;
using Enum = System.Enum;

namespace Vision.Training;

/// <summary>
/// Logs a run for TensorBoard, in its folder: losses, learning rate and gradient norm at every logged step, metrics after every epoch,
/// hyperparameters, and what other callbacks <see cref="TrainingRun.Log"/>. <c>tensorboard --logdir runs</c> shows the runs side by side.
/// </summary>
/// <remarks>A resumed run gets another file. Steps that it repeats replace those of the first, as TensorBoard's own writers do
/// it.</remarks>
/// <example><code>
/// DetectorTraining.Run("fasterrcnn_resnet18_fpn", data, new() { Callbacks = [new TensorBoardLog()] });
/// </code></example>
public sealed class TensorBoardLog : TrainingCallback
{
    private const string Plugin = "hparams";

    private EventFile? file;

    /// <summary>Whether to write a histogram of each weight after every epoch.</summary>
    public bool Histograms { get; init; }

    /// <inheritdoc/>
    public override void Started(TrainingRun run)
    {
        file?.Dispose();
        file = new(run.Files.Folder);
        if (run.Step > 0)
            file.Write(new() { Step = run.Step + 1, SessionLog = new() { Status = SessionLog.Types.SessionStatus.Start } });
        SessionStartInfo session = new() { StartTimeSecs = EventFile.Now };
        foreach (var property in typeof(TrainerOptions).GetProperties().Where(property => property.Name is not nameof(TrainerOptions.Folder)
            and not nameof(TrainerOptions.Resume)).OrderBy(property => property.Name, StringComparer.Ordinal))
            session.Hparams[property.Name] = ValueOf(property.GetValue(run.Options));
        Write("_hparams_/session_start_info", new HParamsPluginData { SessionStartInfo = session });
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingRun run, StepReport step)
    {
        if (step.Step % run.Options.LogEverySteps != 0) return;
        List<KeyValuePair<string, double>> values =
        [
            new("train/loss", step.Loss),
            .. step.Losses.Select(loss => KeyValuePair.Create($"train/loss_{loss.Key}", loss.Value)),
            new("train/learning_rate", step.LearningRate), new("train/images_per_second", step.ImagesPerSecond),
        ];
        if (step.GradientNorm is { } norm) values.Add(new("train/gradient_norm", norm));
        if (step.LossScale is { } scale) values.Add(new("train/loss_scale", scale));
        Write(step.Step, [.. values, .. Logged(run)]);
    }

    /// <inheritdoc/>
    public override void EpochEnded(TrainingRun run, EpochReport epoch)
    {
        IEnumerable<KeyValuePair<string, double>> averaged = epoch.AverageValidation?.Metrics ?? [];
        Write(epoch.Step,
        [
            new("epoch/loss", epoch.Loss), new("epoch/number", epoch.Epoch),
            .. epoch.Validation.Metrics.Select(metric => KeyValuePair.Create($"validation/{metric.Key}", metric.Value)),
            .. averaged.Select(metric => KeyValuePair.Create($"validation_average/{metric.Key}", metric.Value)),
            .. Logged(run),
        ]);
        if (!Histograms) return;
        foreach (var (name, parameter) in run.Model.named_parameters())
            Write(epoch.Step, new Summary.Types.Value { Tag = $"weights/{name}", Histo = WeightHistogram.Of(parameter) });
    }

    /// <inheritdoc/>
    public override void Ended(TrainingRun run, TrainingResult result)
    {
        if (result.Finished)
            Write("_hparams_/session_end_info", new HParamsPluginData
            {
                SessionEndInfo = new() { Status = Status.Success, EndTimeSecs = EventFile.Now },
            });
        file?.Dispose();
        file = null;
    }

    /// <summary>Adds an image, such as a drawn prediction; to be called by another callback while the run is in progress.</summary>
    /// <param name="name">Its name; images of one name are shown as a series over the steps.</param>
    /// <param name="step">The step that it belongs to.</param>
    /// <param name="image">8-bit, in OpenCV's order of colors (BGR), or gray.</param>
    public void AddImage(string name, int step, Mat image)
    {
        Cv2.ImEncode(".png", image, out byte[] png);
        Write(step, new Summary.Types.Value
        {
            Tag = name,
            Image = new()
            {
                Width = image.Width, Height = image.Height, Colorspace = image.Channels(), EncodedImageString = ByteString.CopyFrom(png),
            },
        });
    }

    private static IEnumerable<KeyValuePair<string, double>> Logged(TrainingRun run) =>
        run.Logged.Select(value => KeyValuePair.Create($"logged/{value.Key}", value.Value));

    private static Value ValueOf(object? value) => value switch
    {
        null => Value.ForString("none"),
        bool flag => Value.ForBool(flag),
        int or double => Value.ForNumber(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        Enum name => Value.ForString($"{name}"),
        System.Collections.IEnumerable list and not string => Value.ForString(string.Join(' ', list.Cast<object>())),
        _ => Value.ForString(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private void Write(int step, IReadOnlyList<KeyValuePair<string, double>> values)
    {
        Summary summary = new();
        summary.Value.AddRange(values.Select(value => new Summary.Types.Value { Tag = value.Key, SimpleValue = (float)value.Value }));
        Open.Write(new() { Step = step, Summary = summary });
    }

    private void Write(int step, Summary.Types.Value value) => Open.Write(new() { Step = step, Summary = new() { Value = { value } } });

    private void Write(string tag, HParamsPluginData data) => Open.Write(new()
    {
        Summary = new()
        {
            Value =
            {
                new Summary.Types.Value
                {
                    Tag = tag,
                    Metadata = new() { PluginData = new() { PluginName = Plugin, Content = data.ToByteString() } },
                },
            },
        },
    });

    private EventFile Open => file ?? throw new InvalidOperationException("No run is in progress.");
}
