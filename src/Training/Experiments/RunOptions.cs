using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TorchSharp;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training options as text by name, for a <see cref="RunFile"/>: all that decide what a run does, but not where it is
/// written.</summary>
internal static class RunOptions
{
    // Where a run is written and what is shown of it; what is written as its outcome: a batch size that was chosen, and changed options
    // of the network instead of the code that changes them.
    private static readonly string[] leftOut = [nameof(TrainingOptions.Folder), nameof(TrainingOptions.Resume),
        nameof(TrainingOptions.Callbacks), nameof(TrainingOptions.PlotFolder), nameof(TrainingOptions.LogEverySteps),
        nameof(TrainingOptions.AutoBatchSize), "Configure"];

    private static readonly JsonNamingPolicy naming = JsonNamingPolicy.SnakeCaseLower;

    /// <summary>The type of the options of a kind of model.</summary>
    public static Type TypeOf(ModelKind kind) => kind switch
    {
        ModelKind.Classifier => typeof(ClassifierTrainingOptions),
        ModelKind.Segmenter => typeof(SegmenterTrainingOptions),
        _ => typeof(DetectorTrainingOptions),
    };

    /// <summary>The options of a type by their names in the file, those that all models share first.</summary>
    public static IEnumerable<(string Name, PropertyInfo Property)> Of(Type type) => type.GetProperties()
        .Where(property => property.CanWrite && !leftOut.Contains(property.Name))
        .OrderBy(property => property.DeclaringType == type ? 1 : 0)
        .Select(property => (naming.ConvertName(property.Name), property));

    /// <summary>The name of a property in the file.</summary>
    public static string NameOf(string property) => naming.ConvertName(property);

    /// <summary>Whether an option takes a list.</summary>
    public static bool IsList(Type type) => ItemOf(type) is not null || typeof(ITuple).IsAssignableFrom(type);

    /// <summary>The text of a value.</summary>
    public static OptionValue TextOf(object? value) => value switch
    {
        null => OptionValue.None,
        string text => new([text]),
        bool flag => new([flag ? "true" : "false"]),
        Enum name => new([name.ToString().ToLowerInvariant()]),
        Device device => new([device.type == DeviceType.CUDA ? "cuda" : "cpu"]),
        SegmentationLoss loss => SegmentationLossCatalog.OriginOf(loss) is not { } origin ? new([loss.ToString()!])
            : origin.ClassWeights is not { } weights ? new([origin.Names])
            : new([origin.Names, .. TextOf(weights).Texts], IsList: true),
        ITuple pair => new([.. Enumerable.Range(0, pair.Length).SelectMany(i => TextOf(pair[i]).Texts)], IsList: true),
        IEnumerable list => new([.. list.Cast<object>().SelectMany(item => TextOf(item).Texts)], IsList: true),
        TimeSpan time => new([time.ToString("c", CultureInfo.InvariantCulture)]),
        IFormattable number => new([number.ToString(null, CultureInfo.InvariantCulture)]),
        _ => throw new NotSupportedException($"An option of type {value.GetType().Name} cannot be written into a run's file."),
    };

    /// <summary>The value of an option.</summary>
    /// <exception cref="FormatException">The text is none of this type; the message says what it must be.</exception>
    public static object? Parse(Type type, OptionValue value)
    {
        bool isPair = ItemOf(type) is null;
        if (IsList(type))
        {
            if (!value.IsGiven) return null;
            Type item = ItemOf(type) ?? type.GetGenericArguments()[0];
            Array items = Array.CreateInstance(item, value.Texts.Count);
            for (int i = 0; i < items.Length; i++) items.SetValue(ParseOne(item, value.Texts[i]), i);
            if (!isPair) return items;
            return items.Length == 2 ? Activator.CreateInstance(type, items.GetValue(0), items.GetValue(1))
                : throw new FormatException("a list of two numbers");
        }
        if (!value.IsGiven) return null;
        if (type == typeof(SegmentationLoss)) return Loss(value.Texts);
        if (value.IsList) throw new FormatException("a single value, not a list");
        return ParseOne(Nullable.GetUnderlyingType(type) ?? type, value.Texts[0]);
    }

    /// <summary>A loss by its names, and perhaps the weight of each class.</summary>
    private static SegmentationLoss Loss(IReadOnlyList<string> texts)
    {
        if (!texts[0].Split('+').All(SegmentationLossCatalog.Names.Contains))
            throw new FormatException($"one of {string.Join(", ", SegmentationLossCatalog.Names)}, or several joined by +");
        return SegmentationLossCatalog.Create(texts[0],
            texts.Count == 1 ? null : [.. texts.Skip(1).Select(text => (float)(double)ParseOne(typeof(double), text))]);
    }

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static object ParseOne(Type type, string text)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(string)) return text;
        if (type == typeof(int)) return int.TryParse(text, culture, out int whole) ? whole : throw new FormatException("a whole number");
        if (type == typeof(double))
            return double.TryParse(text, culture, out double number) ? number : throw new FormatException("a number");
        if (type == typeof(bool)) return bool.TryParse(text, out bool flag) ? flag : throw new FormatException("true or false");
        if (type == typeof(TimeSpan))
            return TimeSpan.TryParse(text, culture, out TimeSpan time) ? time : throw new FormatException("a time such as 01:30:00");
        if (type == typeof(Device))
            return text switch { "cpu" => CPU, "cuda" => CUDA, _ => throw new FormatException("cpu or cuda") };
        if (!type.IsEnum) throw new NotSupportedException($"An option of type {type.Name} cannot be read from a run's file.");
        return !char.IsAsciiDigit(text.FirstOrDefault()) && Enum.TryParse(type, text, ignoreCase: true, out object? name) ? name!
            : throw new FormatException($"one of {string.Join(", ", Enum.GetNames(type).Select(known => known.ToLowerInvariant()))}");
    }
}
