using OpenCvSharp;

namespace Vision.Interop.Tests.OpenCv;

public class ErrorTests
{
    [Fact]
    public void ErrorHasOpenCvsWords()
    {
        using Mat empty = new(), result = new();

        OpenCVException error = Assert.Throws<OpenCVException>(() => Cv2.CvtColor(empty, result, ColorConversionCodes.BGR2RGB));

        Assert.Equal("!_src.empty()", error.Message);
        Assert.Equal((ErrorCode.StsAssert, "cvtColor", error.Message), (error.Status, error.FuncName, error.ErrMsg));
        Assert.EndsWith("color.cpp", error.FileName);
        Assert.True(error.Line > 0);
    }

    [Fact]
    public void WorkGoesOnAfterAnError()
    {
        using Mat image = new(2, 2, MatType.CV_8UC1, new Scalar(1)), other = new(3, 3, MatType.CV_8UC1, new Scalar(1)), result = new();
        Assert.Throws<OpenCVException>(() => Cv2.Add(image, other, result));

        Cv2.Add(image, image, result);

        Assert.Equal([2, 2, 2, 2], MatTests.Elements<byte>(result));
    }

    [Fact]
    public void EachThreadHasItsOwnError()
    {
        Parallel.For(0, 200, i =>
        {
            using Mat image = new(2, 2, MatType.CV_8UC1), result = new();
            string message = i % 2 == 0
                ? Assert.Throws<OpenCVException>(() => Cv2.Resize(image, result, new Size(0, 0))).Message
                : Assert.Throws<OpenCVException>(() => image.SubMat(new Rect(0, 0, 3, 3))).Message;
            Assert.Contains(i % 2 == 0 ? "inv_scale_x > 0" : "roi.width", message);
        });
    }

    [Fact]
    public void MissingResultIsNamed() =>
        Assert.Throws<ArgumentNullException>(() => Cv2.Flip(new Scalar(1), null!, FlipMode.X));
}
