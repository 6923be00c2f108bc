using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "vision_cv_cvt_color")]
    public static partial int CvtColor(InputArray source, OutputArray result, int code, int channels);

    [LibraryImport(Library, EntryPoint = "vision_cv_resize")]
    public static partial int Resize(InputArray source, OutputArray result, Size size, double fx, double fy, int interpolation);

    [LibraryImport(Library, EntryPoint = "vision_cv_flip")]
    public static partial int Flip(InputArray source, OutputArray result, int code);

    [LibraryImport(Library, EntryPoint = "vision_cv_rotate")]
    public static partial int Rotate(InputArray source, OutputArray result, int code);

    [LibraryImport(Library, EntryPoint = "vision_cv_copy_make_border")]
    public static partial int CopyMakeBorder(InputArray source, OutputArray result, int top, int bottom, int left, int right, int type, Scalar value);

    [LibraryImport(Library, EntryPoint = "vision_cv_warp_affine")]
    public static partial int WarpAffine(InputArray source, OutputArray result, InputArray matrix, Size size, int flags, int border, Scalar value);

    [LibraryImport(Library, EntryPoint = "vision_cv_rotation_matrix")]
    public static partial int RotationMatrix(Point2f centre, double angle, double scale, OutputArray result);

    [LibraryImport(Library, EntryPoint = "vision_cv_gaussian_blur")]
    public static partial int GaussianBlur(InputArray source, OutputArray result, Size kernel, double sigmaX, double sigmaY, int border);

    [LibraryImport(Library, EntryPoint = "vision_cv_add")]
    public static partial int Add(InputArray a, InputArray b, OutputArray result, InputArray? mask, int type);

    [LibraryImport(Library, EntryPoint = "vision_cv_subtract")]
    public static partial int Subtract(InputArray a, InputArray b, OutputArray result, InputArray? mask, int type);

    [LibraryImport(Library, EntryPoint = "vision_cv_multiply")]
    public static partial int Multiply(InputArray a, InputArray b, OutputArray result, double scale, int type);

    [LibraryImport(Library, EntryPoint = "vision_cv_absdiff")]
    public static partial int Absdiff(InputArray a, InputArray b, OutputArray result);

    [LibraryImport(Library, EntryPoint = "vision_cv_add_weighted")]
    public static partial int AddWeighted(InputArray a, double alpha, InputArray b, double beta, double gamma, OutputArray result, int type);

    [LibraryImport(Library, EntryPoint = "vision_cv_convert_scale_abs")]
    public static partial int ConvertScaleAbs(InputArray source, OutputArray result, double alpha, double beta);

    [LibraryImport(Library, EntryPoint = "vision_cv_lut")]
    public static partial int Lut(InputArray source, InputArray table, OutputArray result);

    [LibraryImport(Library, EntryPoint = "vision_cv_mean")]
    public static partial int Mean(InputArray source, InputArray? mask, out Scalar result);

    [LibraryImport(Library, EntryPoint = "vision_cv_sum")]
    public static partial int Sum(InputArray source, out Scalar result);

    [LibraryImport(Library, EntryPoint = "vision_cv_count_non_zero")]
    public static partial int CountNonZero(InputArray source, out int result);

    [LibraryImport(Library, EntryPoint = "vision_cv_min_max_loc")]
    public static partial int MinMaxLoc(InputArray source, out double min, out double max, out Point minAt, out Point maxAt, InputArray? mask);

    [LibraryImport(Library, EntryPoint = "vision_cv_split")]
    public static partial int Split(MatHandle source, ReadOnlySpan<IntPtr> results);

    [LibraryImport(Library, EntryPoint = "vision_cv_merge")]
    public static partial int Merge(ReadOnlySpan<IntPtr> planes, int count, OutputArray result);

    [LibraryImport(Library, EntryPoint = "vision_cv_set_num_threads")]
    public static partial int SetNumThreads(int count);

    [LibraryImport(Library, EntryPoint = "vision_cv_get_num_threads")]
    public static partial int GetNumThreads();

    [LibraryImport(Library, EntryPoint = "vision_cv_set_log_level")]
    public static partial int SetLogLevel(int level);
}
