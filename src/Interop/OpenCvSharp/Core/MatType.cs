namespace OpenCvSharp;

public readonly record struct MatType(int Value)
{
    public const int CV_8U = 0, CV_8S = 1, CV_16U = 2, CV_16S = 3, CV_32S = 4, CV_32F = 5, CV_64F = 6;

    public static readonly MatType
        CV_8UC1 = CV_8UC(1), CV_8UC2 = CV_8UC(2), CV_8UC3 = CV_8UC(3), CV_8UC4 = CV_8UC(4),
        CV_16UC1 = CV_16UC(1), CV_16UC3 = CV_16UC(3), CV_16UC4 = CV_16UC(4),
        CV_16SC1 = CV_16SC(1), CV_16SC3 = CV_16SC(3),
        CV_32SC1 = CV_32SC(1), CV_32SC2 = CV_32SC(2),
        CV_32FC1 = CV_32FC(1), CV_32FC2 = CV_32FC(2), CV_32FC3 = CV_32FC(3), CV_32FC4 = CV_32FC(4),
        CV_64FC1 = CV_64FC(1), CV_64FC3 = CV_64FC(3);

    public int Depth => Value & 7;

    public bool IsInteger => Depth < CV_32F;

    public int Channels => (Value >> 3) + 1;

    public int ToInt32() => Value;

    public static MatType FromInt32(int value) => new(value);

    public static MatType MakeType(int depth, int channels)
    {
        if (channels is < 1 or > 512) throw new OpenCvSharpException($"A matrix has 1 to 512 channels, not {channels}.");
        if (depth is < 0 or > 7) throw new OpenCvSharpException($"A matrix's depth is 0 to 7, not {depth}.");
        return new MatType(depth + ((channels - 1) << 3));
    }

    public static MatType CV_8UC(int ch) => MakeType(CV_8U, ch);

    public static MatType CV_8SC(int ch) => MakeType(CV_8S, ch);

    public static MatType CV_16UC(int ch) => MakeType(CV_16U, ch);

    public static MatType CV_16SC(int ch) => MakeType(CV_16S, ch);

    public static MatType CV_32SC(int ch) => MakeType(CV_32S, ch);

    public static MatType CV_32FC(int ch) => MakeType(CV_32F, ch);

    public static MatType CV_64FC(int ch) => MakeType(CV_64F, ch);

    public static explicit operator int(MatType self) => self.Value;

    public static implicit operator MatType(int value) => new(value);

    public override string ToString()
    {
        string[] depths = ["8U", "8S", "16U", "16S", "32S", "32F", "64F", "16F"];
        return $"CV_{depths[Depth]}C{(Channels <= 4 ? Channels : $"({Channels})")}";
    }
}
