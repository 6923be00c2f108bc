using System.Text.Json;

namespace Vision.Data;

/// <summary>What is needed to use a model's weights. It is stored as text in the metadata of the weights file.</summary>
public abstract record ModelDescription
{
    private const string ModelKey = "model", CategoriesKey = "categories", MetricsKey = "metrics";

    // Colors and skeletons are tuples.
    private static readonly JsonSerializerOptions json = new() { IncludeFields = true };

    /// <summary>The model's name, such as <c>fasterrcnn_resnet50_fpn</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The classes, in the order of their labels.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The backbone that replaces the one in the model's name; null for none.</summary>
    public virtual string? Backbone => null;

    /// <summary>The evaluation after the epoch of training that the weights are of, by the figures' names; null if it is not in their
    /// file.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; private set; }

    /// <summary>What this kind of model needs besides its name and classes, by key:
    /// text, or a value that becomes JSON. Nulls are left out.</summary>
    protected abstract IEnumerable<(string Key, object? Value)> Settings { get; }

    /// <summary>The description as text by key, for the metadata of a file.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        Dictionary<string, string> metadata = [];
        foreach (var (key, value) in Settings.Prepend((CategoriesKey, Categories)).Prepend((ModelKey, Model)))
            if (value is not null) metadata[key] = value as string ?? JsonSerializer.Serialize(value, json);
        return metadata;
    }

    /// <summary>Reads what <see cref="ToMetadata"/> wrote;
    /// null if the metadata is not from this kind of model, as for published weights.</summary>
    /// <param name="metadata">The metadata of a file of weights.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="key">A key that every description of this kind has, and no other.</param>
    /// <param name="read">Creates the description from (name, classes, values by key).</param>
    /// <exception cref="InputException">It is damaged.</exception>
    protected static T? Read<T>(IReadOnlyDictionary<string, string> metadata, string source, string key, Func<Reader, T> read)
        where T : ModelDescription
    {
        if (!metadata.ContainsKey(ModelKey) || !metadata.ContainsKey(CategoriesKey) || !metadata.ContainsKey(key)) return null;
        try
        {
            T description = read(new(metadata));
            if (metadata.TryGetValue(MetricsKey, out string? metrics))
                description.Metrics = JsonSerializer.Deserialize<Dictionary<string, double>>(metrics);
            return description;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ArgumentException)
        {
            throw new InputException(
                $"{source}: the description of the model in its metadata is damaged ({e.Message}); train or save it again.", e);
        }
    }

    /// <summary>The values of a file's metadata.</summary>
    protected sealed class Reader
    {
        private readonly IReadOnlyDictionary<string, string> metadata;

        internal Reader(IReadOnlyDictionary<string, string> metadata) => this.metadata = metadata;

        /// <summary>The model's name.</summary>
        public string Model => Text(ModelKey);

        /// <summary>The classes.</summary>
        public IReadOnlyList<Category> Categories => Value<Category[]>(CategoriesKey);

        /// <summary>Text.</summary>
        /// <exception cref="KeyNotFoundException">There is no such key.</exception>
        public string Text(string key) => metadata[key];

        /// <summary>Text; null if there is none.</summary>
        public string? TextOrNull(string key) => metadata.GetValueOrDefault(key);

        /// <summary>A value that was written as JSON.</summary>
        /// <exception cref="KeyNotFoundException">There is no such key.</exception>
        public T Value<T>(string key) => JsonSerializer.Deserialize<T>(metadata[key], json) ?? throw new JsonException($"{key} is null");

        /// <summary>A value that was written as JSON; null if there is none.</summary>
        public T? ValueOrNull<T>(string key) => metadata.ContainsKey(key) ? Value<T>(key) : default;
    }
}
