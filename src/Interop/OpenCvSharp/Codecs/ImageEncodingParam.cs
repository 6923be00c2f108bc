namespace OpenCvSharp;

public record ImageEncodingParam
{
    public ImageEncodingParam(ImwriteFlags id, int value) => (EncodingId, Value) = (id, value);

    public ImwriteFlags EncodingId { get; }

    public int Value { get; }
}
