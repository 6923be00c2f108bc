namespace OpenCvSharp;

[Flags]
public enum OpticalFlowFlags
{
    None = 0,
    UseInitialFlow = 4,
    FarnebackGaussian = 256,
}
