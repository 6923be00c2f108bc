using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>A frame of a video that is being read.</summary>
/// <param name="Index">Its index among the frames that were read, starting at 0.</param>
/// <param name="Time">Its time from the start of the video.</param>
/// <param name="Image">RGB, 8 bits. It is the reader's own memory, valid until the next frame is requested: clone it to keep it; drawing on
/// it is allowed.</param>
public readonly record struct VideoFrame(int Index, TimeSpan Time, Mat Image);
