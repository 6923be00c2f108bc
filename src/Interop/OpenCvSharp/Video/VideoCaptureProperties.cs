namespace OpenCvSharp;

public enum VideoCaptureProperties
{
    PosMsec = 0,
    PosFrames = 1,
    FrameWidth = 3,
    FrameHeight = 4,
    Fps = 5,
    FourCC = 6,
    FrameCount = 7,
    OrientationMeta = 48,
    OrientationAuto = 49,
}
