using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

internal static partial class Native
{
    [StructLayout(LayoutKind.Sequential)]
    public struct MatInfo
    {
        public IntPtr Data;
        public long Step;
        public int Rows, Columns, Type, Dimensions;
    }

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_new")]
    public static partial int MatNew(out MatHandle result);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_new_sized")]
    public static partial int MatNewSized(int rows, int columns, int type, out MatHandle result);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_new_filled")]
    public static partial int MatNewFilled(int rows, int columns, int type, Scalar value, out MatHandle result);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_new_over")]
    public static partial int MatNewOver(int rows, int columns, int type, IntPtr data, long step, out MatHandle result);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_new_part")]
    public static partial int MatNewPart(MatHandle mat, int x, int y, int width, int height, out MatHandle result);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_delete")]
    public static partial void MatDelete(IntPtr mat);

    // These read a few fields: a transition of the garbage collector's mode would cost more than they do.

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_info"), SuppressGCTransition]
    public static partial void MatGetInfo(MatHandle mat, out MatInfo info);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_is_continuous"), SuppressGCTransition]
    public static partial int MatIsContinuous(MatHandle mat);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_is_submatrix"), SuppressGCTransition]
    public static partial int MatIsSubmatrix(MatHandle mat);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_owned_bytes"), SuppressGCTransition]
    public static partial long MatOwnedBytes(IntPtr mat);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_create")]
    public static partial int MatCreate(OutputArray mat, int rows, int columns, int type);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_copy_to")]
    public static partial int MatCopyTo(MatHandle mat, OutputArray result, InputArray? mask);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_convert_to")]
    public static partial int MatConvertTo(MatHandle mat, OutputArray result, int type, double alpha, double beta);

    [LibraryImport(Library, EntryPoint = "vision_cv_mat_set_to")]
    public static partial int MatSetTo(OutputArray mat, InputArray value, InputArray? mask);
}
