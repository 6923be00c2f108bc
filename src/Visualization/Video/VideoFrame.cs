using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>A frame as it passes by.</summary>
/// <param name="Index">Its place among the frames that were read, from 0.</param>
/// <param name="Time">Its time from the start of the video.</param>
/// <param name="Image">RGB, 8 bits. The reader's own memory, good until the next frame is asked
/// for: clone it to keep it, draw on it as you like.</param>
public readonly record struct VideoFrame(int Index, TimeSpan Time, Mat Image);
