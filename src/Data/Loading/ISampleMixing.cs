using OpenCvSharp;

namespace Vision.Data;

/// <summary>Makes one sample of several, such as a mosaic. It is the first change of an image; the loader's transform follows.</summary>
public interface ISampleMixing
{
    /// <summary>Gives the mixed image and its ground truth.</summary>
    /// <param name="image">8-bit RGB. It is taken over: what comes back is either this image, changed
    /// in place, or another one after this was disposed.</param>
    /// <param name="targets">The objects of the image, in its pixels, or the classes of these.</param>
    /// <param name="draw">Gives another sample of the data set, chosen by that chance; its image is the caller's to dispose.</param>
    /// <param name="random">The only source of chance, so that a sample can be made again from its seed.</param>
    (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Func<Random, (Mat Image, Targets Targets)> draw, Random random);
}
