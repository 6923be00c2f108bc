using OpenCvSharp;

namespace Vision.Data;

/// <summary>Changes an image together with its ground truth.
/// For classification, the ground truth has no objects, and the label is unchanged.</summary>
public interface IImageTransform
{
    /// <summary>Returns the changed image and its ground truth.</summary>
    /// <param name="image">8-bit RGB. The method takes ownership: it returns either this image, changed in place, or a new one after
    /// disposing this one.</param>
    /// <param name="targets">The objects of the image, in pixels, or the classes of its pixels.</param>
    /// <param name="random">The only source of randomness, so that a sample can be reproduced from its seed.</param>
    (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random);
}
