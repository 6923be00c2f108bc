using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public static partial class Cv2
{
    public static void CalcOpticalFlowFarneback(
        InputArray prev, InputArray next, InputOutputArray flow, double pyrScale, int levels, int winsize, int iterations, int polyN, double polySigma, OpticalFlowFlags flags) =>
        Check(Native.FlowFarneback(prev, next, flow, pyrScale, levels, winsize, iterations, polyN, polySigma, (int)flags));
}
