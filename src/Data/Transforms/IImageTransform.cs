using OpenCvSharp;

namespace Vision.Data;

/// <summary>Changes an image, and its ground truth with it. For classification, the ground truth
/// has no objects, and the label stays as it is.</summary>
public interface IImageTransform
{
    /// <summary>Gives the changed image and its ground truth.</summary>
    /// <param name="image">8-bit RGB. It is taken over: what comes back is either this image, changed
    /// in place, or another one after this was disposed.</param>
    /// <param name="targets">The objects of the image, in its pixels, or the classes of these.</param>
    /// <param name="random">The only source of chance, so that a sample can be made again from its seed.</param>
    (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random);
}
