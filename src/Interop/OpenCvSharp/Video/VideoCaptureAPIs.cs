namespace OpenCvSharp;

public enum VideoCaptureAPIs
{
    ANY = 0,
    V4L2 = 200,
    GSTREAMER = 1800,
    FFMPEG = 1900,
    IMAGES = 2000,
    OPENCV_MJPEG = 2200,
}
