using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training without a launcher.</summary>
internal sealed class SingleProcess : ProcessGroup
{
    public override int Rank => 0;

    public override int Size => 1;

    public override int SizeOnHost => 1;

    public override string Host => Environment.MachineName;

    public override void Abort(string reason, int exitCode) { }

    internal override void Sum(Tensor values, Lane lane) { }

    internal override void Broadcast(Span<byte> bytes) { }

    internal override byte[][] Gather(byte[] own) => [own];

    internal override byte[][]? GatherToFirst(byte[] own) => [own];

    internal override IDisposable Waiting(string what) => new MemoryStream(0);
}
