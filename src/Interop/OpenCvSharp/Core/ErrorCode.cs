namespace OpenCvSharp;

/// <summary>The statuses that this subset's functions give; OpenCV has more, and their numbers pass through.</summary>
public enum ErrorCode
{
    StsOk = 0,
    StsError = -2,
    StsNoMem = -4,
    StsBadArg = -5,
    StsNullPtr = -27,
    StsUnmatchedFormats = -205,
    StsUnmatchedSizes = -209,
    StsUnsupportedFormat = -210,
    StsOutOfRange = -211,
    StsParseError = -212,
    StsNotImplemented = -213,
    StsAssert = -215,
}
