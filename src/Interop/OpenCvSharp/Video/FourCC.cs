namespace OpenCvSharp;

public readonly struct FourCC(int value) : IEquatable<FourCC>
{
    public readonly int Value = value;

    public static FourCC FromFourChars(char c1, char c2, char c3, char c4) => new(VideoWriter.FourCC(c1, c2, c3, c4));

    public static FourCC FromString(string code) => new(VideoWriter.FourCC(code));

    public int ToInt32() => Value;

    public static implicit operator int(FourCC fourcc) => fourcc.Value;

    public static implicit operator FourCC(int code) => new(code);

    public bool Equals(FourCC other) => Value == other.Value;

    public override bool Equals(object? obj) => obj is FourCC other && Equals(other);

    public override int GetHashCode() => Value;
}
