using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public static partial class Cv2
{
    public static void CvtColor(InputArray src, OutputArray dst, ColorConversionCodes code, int dstCn = 0) =>
        Check(Native.CvtColor(src, dst, (int)code, dstCn));

    public static void Resize(
        InputArray src, OutputArray dst, Size dsize,
        double fx = 0, double fy = 0, InterpolationFlags interpolation = InterpolationFlags.Linear) =>
        Check(Native.Resize(src, dst, dsize, fx, fy, (int)interpolation));

    public static void Flip(InputArray src, OutputArray dst, FlipMode flipCode) => Check(Native.Flip(src, dst, (int)flipCode));

    public static void Rotate(InputArray src, OutputArray dst, RotateFlags rotateCode) => Check(Native.Rotate(src, dst, (int)rotateCode));

    public static void CopyMakeBorder(
        InputArray src, OutputArray dst, int top, int bottom, int left, int right, BorderTypes borderType, Scalar? value = null) =>
        Check(Native.CopyMakeBorder(src, dst, top, bottom, left, right, (int)borderType, value ?? default));

    public static void WarpAffine(
        InputArray src, OutputArray dst, InputArray m, Size dsize, InterpolationFlags flags = InterpolationFlags.Linear,
        BorderTypes borderMode = BorderTypes.Constant, Scalar? borderValue = null) =>
        Check(Native.WarpAffine(src, dst, m, dsize, (int)flags, (int)borderMode, borderValue ?? default));

    public static Mat GetRotationMatrix2D(Point2f center, double angle, double scale)
    {
        Mat matrix = new();
        Check(RotationMatrix(center, angle, scale, matrix));
        return matrix;
    }

    public static void GaussianBlur(
        InputArray src, OutputArray dst, Size ksize, double sigmaX, double sigmaY = 0, BorderTypes borderType = BorderTypes.Default) =>
        Check(Native.GaussianBlur(src, dst, ksize, sigmaX, sigmaY, (int)borderType));
}
