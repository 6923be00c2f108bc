using OpenCvSharp;

namespace Vision.Data;

/// <summary>Combines several samples into one, such as a mosaic. It is applied to an image first; the loader's transform follows.</summary>
public interface ISampleMixing
{
    /// <summary>Returns the mixed image and its ground truth.</summary>
    /// <param name="image">8-bit RGB. The method takes ownership: it returns either this image, changed in place, or a new one after
    /// disposing this one.</param>
    /// <param name="targets">The objects of the image, in pixels, or the classes of its pixels.</param>
    /// <param name="draw">Draws another random sample of the data set; the caller disposes its image.</param>
    /// <param name="random">The only source of randomness, so that a sample can be reproduced from its seed.</param>
    (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Func<Random, (Mat Image, Targets Targets)> draw, Random random);
}
