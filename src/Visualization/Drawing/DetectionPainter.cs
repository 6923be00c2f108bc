using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>
/// Draws detections or ground truth on images, batches and videos: boxes with class names, and scores, masks, keypoints, track ids and
/// trails if there are any.
/// </summary>
/// <remarks>
/// Images are RGB, 8 bits. A class has the same color everywhere (<see cref="Palette"/>), and so does a tracked object; lines and text
/// scale with the image. Captions, in any script, stay inside the image and do not overlap; the detections with the highest scores get the
/// best positions, and a caption without room near its box is left out.
/// </remarks>
/// <param name="categories">The data set's categories: label 1 is the first.</param>
public sealed class DetectionPainter(IReadOnlyList<Category> categories)
{
    /// <summary>Draws detections on an image, in place; the highest scores on top.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="detections">The detections, in pixels of the image.</param>
    public void Draw(Mat image, Detections detections) => Draw(image, Objects(detections), 1);

    /// <summary>Draws ground truth on an image, in place; crowds have dashed boxes.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="targets">The ground truth, in pixels of the image.</param>
    public void Draw(Mat image, Targets targets) => Draw(image, Objects(targets), 1);

    /// <summary>Draws the detections of a batch on its images, in place.</summary>
    /// <param name="images">RGB, 8 bits.</param>
    /// <param name="detections">The detections of each image, in its pixels.</param>
    /// <exception cref="ArgumentException">The numbers of images and detections differ.</exception>
    public void Draw(IReadOnlyList<Mat> images, IReadOnlyList<Detections> detections)
    {
        if (images.Count != detections.Count)
            throw new ArgumentException($"There are {images.Count} images, but detections for {detections.Count}; expected as many.",
                nameof(detections));
        for (int i = 0; i < images.Count; i++) Draw(images[i], detections[i]);
    }

    /// <summary>Draws detections on the frames of a video as they are read.</summary>
    /// <param name="frames">The frames, as returned by <see cref="VideoReader.Frames"/>.</param>
    /// <param name="detect">Detects, and optionally tracks, the objects in a frame;
    /// receives the frame before anything is drawn on it.</param>
    /// <returns>The same frames, drawn on.</returns>
    public IEnumerable<VideoFrame> Draw(IEnumerable<VideoFrame> frames, Func<Mat, Detections> detect)
    {
        foreach (VideoFrame frame in frames)
        {
            Draw(frame.Image, detect(frame.Image));
            yield return frame;
        }
    }

    /// <summary>Draws detections on a copy of an image.</summary>
    /// <param name="image">RGB, 8 bits; it is not changed.</param>
    /// <param name="detections">The detections, in pixels of the image.</param>
    /// <param name="enlargement">The factor by which the copy is enlarged: captions need more room than small images have.</param>
    public Mat Painted(Mat image, Detections detections, int enlargement = 1) => Painted(image, Objects(detections), enlargement);

    /// <summary>Draws ground truth on a copy of an image.</summary>
    /// <param name="image">RGB, 8 bits; it is not changed.</param>
    /// <param name="targets">The ground truth, in pixels of the image.</param>
    /// <param name="enlargement">The factor by which the copy is enlarged.</param>
    public Mat Painted(Mat image, Targets targets, int enlargement = 1) => Painted(image, Objects(targets), enlargement);

    /// <summary>Ground truth on the left, predictions on the right, each under a heading with its number of objects.</summary>
    /// <param name="image">RGB, 8 bits; it is not changed.</param>
    /// <param name="truth">The ground truth, in pixels of the image.</param>
    /// <param name="prediction">The detections, in pixels of the image.</param>
    /// <param name="enlargement">The factor by which each half is enlarged.</param>
    public Mat SideBySide(Mat image, Targets truth, Detections prediction, int enlargement = 1)
    {
        using Mat left = Painted(image, truth, enlargement), right = Painted(image, prediction, enlargement);
        return Panels.Row([($"truth: {truth.Objects.Count}", left), ($"prediction: {prediction.Count}", right)]);
    }

    private IReadOnlyList<DrawnObject> Objects(Detections detections) =>
    [
        .. Enumerable.Range(0, detections.Count).Select(i => new DrawnObject(
            detections.Boxes[i], detections.Labels[i], TextOf(detections, i), Dashed: false, detections.Masks?[i],
            // Published networks predict a position for every keypoint, with a score below 0 for those that are not visible.
            detections.Keypoints?[i].Select(point => new DrawnKeypoint(point.X, point.Y, point.Visibility > 0, IsHidden: false)).ToArray(),
            detections.Tracks?[i])),
    ];

    private IReadOnlyList<DrawnObject> Objects(Targets targets) =>
    [
        .. targets.Objects.Select(target => new DrawnObject(
            target.Box, target.Label, target.IsCrowd ? $"{NameOf(target.Label)} (crowd)" : NameOf(target.Label), target.IsCrowd,
            target.Segment?.ToMask(targets.Width, targets.Height),
            target.Keypoints?.Select(point => new DrawnKeypoint(point.X, point.Y, point.Visibility > 0, IsHidden: point.Visibility == 1))
                .ToArray(), Track: null)),
    ];

    /// <summary>Such as "person 0.98"; "person 3 0.98" for the third object of a video.</summary>
    private string TextOf(Detections detections, int i) => detections.Tracks is { } tracks
        ? $"{NameOf(detections.Labels[i])} {tracks[i].Id} {detections.Scores[i]:0.00}"
        : $"{NameOf(detections.Labels[i])} {detections.Scores[i]:0.00}";

    /// <summary>The name of a class; its number if the name is empty or the label is out of range.</summary>
    private string NameOf(int label) =>
        CategoryOf(label) is { } category && !string.IsNullOrWhiteSpace(category.Name) ? category.Name : $"class {label}";

    private Category? CategoryOf(int label) => label >= 1 && label <= categories.Count ? categories[label - 1] : null;

    private Mat Painted(Mat image, IReadOnlyList<DrawnObject> objects, int enlargement)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(enlargement, 1);
        Mat copy = new();
        if (enlargement == 1) image.CopyTo(copy);
        else Cv2.Resize(image, copy, new Size(image.Width * enlargement, image.Height * enlargement), 0, 0, InterpolationFlags.Cubic);
        Draw(copy, [.. objects.Select(item => item.Enlarged(enlargement))], enlargement);
        return copy;
    }

    private void Draw(Mat image, IReadOnlyList<DrawnObject> objects, int enlargement)
    {
        image.RequireRgb8();
        Size size = image.Size();
        int thickness = Math.Max(1, (int)Math.Round((size.Width + size.Height) / 400.0)), thin = (thickness + 1) / 2;

        DrawnObject[] fromBelow = [.. objects.Reverse()];
        foreach (DrawnObject item in fromBelow)
            if (item.Mask is { } mask) MaskOverlay.Draw(image, mask, enlargement, item.Color, thin);
        foreach (DrawnObject item in fromBelow)
            if (item.Track is { } track) TrailOverlay.Draw(image, track.Trail, item.Color, thickness);
        // With a mask or a skeleton, the box is only a hint.
        foreach (DrawnObject item in fromBelow)
        {
            int width = item.Mask is null && item.Keypoints is null ? thickness : thin;
            BoxOutline.Draw(image, Pixels(item.Box, size), item.Color, width, item.Dashed);
        }
        foreach (DrawnObject item in fromBelow)
            if (item.Keypoints is { } points) KeypointOverlay.Draw(image, points, CategoryOf(item.Label), Math.Max(2, thin));

        CaptionPlacer placer = new(size);
        foreach (DrawnObject item in objects)
        {
            Caption caption = Caption.Of(item.Text, size, item.Color);
            if (placer.Place(Pixels(item.Box, size), caption.Size) is { } at) caption.Draw(image, at);
        }
    }

    /// <summary>The pixels that a box covers within the image; at least one.</summary>
    private static Rect Pixels(Box box, Size image)
    {
        Box inside = box.ClippedTo(image.Width, image.Height);
        int left = Math.Min((int)MathF.Round(inside.X1), image.Width - 1), top = Math.Min((int)MathF.Round(inside.Y1), image.Height - 1);
        int right = Math.Max((int)MathF.Round(inside.X2), left + 1), bottom = Math.Max((int)MathF.Round(inside.Y2), top + 1);
        return Rect.FromLTRB(left, top, right, bottom);
    }
}
