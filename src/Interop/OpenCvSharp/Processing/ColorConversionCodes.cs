namespace OpenCvSharp;

public enum ColorConversionCodes
{
    BGR2BGRA = 0,
    RGB2RGBA = BGR2BGRA,
    BGRA2BGR = 1,
    RGBA2RGB = BGRA2BGR,
    BGR2RGBA = 2,
    BGRA2RGB = 3,
    BGR2RGB = 4,
    RGB2BGR = BGR2RGB,
    BGR2GRAY = 6,
    RGB2GRAY = 7,
    GRAY2BGR = 8,
    GRAY2RGB = GRAY2BGR,
    BGR2HSV = 40,
    RGB2HSV = 41,
    HSV2BGR = 54,
    HSV2RGB = 55,
    RGB2HSV_FULL = 67,
    HSV2RGB_FULL = 71,
}
