using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;

namespace Vision.Training;

/// <summary>
/// What a training run was told to do, and where: <c>run.yaml</c>, which every run writes into its folder when it begins, and from which
/// it can be repeated. On the same machine, with the same versions and data, that gives the same weights, to the bit.
/// </summary>
/// <example><code>
/// RunFile file = RunFile.Read("runs/cells/run.yaml");
/// DataSource source = file.Source!;
/// var data = DetectionData.Open(source.Folder, source.Format, source.TrainSplit, source.ValidationSplit);
/// DetectorTraining.Run(file.Model, data, (DetectorTrainingOptions)file.ToOptions());
/// </code></example>
public sealed record RunFile
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Where the data set was read from; null if a program put it together.</summary>
    public DataSource? Source { get; init; }

    /// <summary>The training images; null if the file was written by hand.</summary>
    public RunData? Train { get; init; }

    /// <summary>The validation images; null if the file was written by hand.</summary>
    public RunData? Validation { get; init; }

    /// <summary>The options by name: the properties of <see cref="TrainingOptions"/> and of the model's kind in snake case, such as
    /// <c>learning_rate</c>. Where an option was left to the model, it has the value that the model chose, unless that depends on the
    /// data or the weights.</summary>
    public IReadOnlyDictionary<string, OptionValue> Options { get; init; } = new Dictionary<string, OptionValue>();

    /// <summary>The options of the network that <c>Configure</c> changed, by their paths, such as <c>roi.samples_per_image</c>.</summary>
    public IReadOnlyDictionary<string, OptionValue> Network { get; init; } = new Dictionary<string, OptionValue>();

    /// <summary>The software and the machine; null if the file was written by hand.</summary>
    public RunMachine? Machine { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, has a key that is none, or a value of the wrong type; the message names the
    /// file and the line.</exception>
    public static RunFile Read(string path) => new RunFileReader(path).Read();

    /// <summary>Writes the file; it is either complete or absent.</summary>
    public void Write(string path) => RunFileWriter.Write(path, this);

    /// <summary>The training options: of the type that belongs to the kind of model.</summary>
    /// <exception cref="InputException">A value does not fit its option.</exception>
    public TrainingOptions ToOptions()
    {
        Type type = RunOptions.TypeOf(ModelKinds.Of(Model));
        TrainingOptions options = (TrainingOptions)Activator.CreateInstance(type)!;
        foreach (var (name, property) in RunOptions.Of(type))
        {
            if (!Options.TryGetValue(name, out OptionValue? value) || !value.IsGiven) continue;
            try
            {
                property.SetValue(options, RunOptions.Parse(property.PropertyType, value));
            }
            catch (FormatException e)
            {
                throw new InputException($"{name} is {value}; it must be {e.Message}.", e);
            }
        }
        return Network.Count == 0 ? options : options switch
        {
            DetectorTrainingOptions detector => detector with { Configure = Change },
            SegmenterTrainingOptions segmenter => segmenter with { Configure = Change },
            _ => options,
        };
    }

    private DetectorOptions Change(DetectorOptions network) => Changed(network);

    private SegmenterOptions Change(SegmenterOptions network) => Changed(network);

    private T Changed<T>(T network)
    {
        try
        {
            return NetworkChanges.Apply(network, Network);
        }
        catch (FormatException e)
        {
            throw new InputException($"The options of the network cannot be used: {e.Message}; correct them.", e);
        }
    }
}
