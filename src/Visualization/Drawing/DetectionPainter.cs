using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>
/// Draws detections or ground truth on images, batches and videos: boxes with class names, and scores, masks, keypoints, identities and
/// trails where there are any.
/// </summary>
/// <remarks>
/// Images are RGB, 8 bits. A class has one color everywhere (<see cref="Palette"/>), and so has a tracked object; lines and text follow the
/// size of the image. Captions, in any script, stay inside it and off each other, the surest detections taking the best places; one that
/// finds no room near its box is left out.
/// </remarks>
/// <param name="categories">The data set's categories: label 1 is the first.</param>
public sealed class DetectionPainter(IReadOnlyList<Category> categories)
{
    /// <summary>Draws detections on an image itself, the surest on top.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="detections">In pixels of the image.</param>
    public void Draw(Mat image, Detections detections) => Draw(image, Objects(detections), 1);

    /// <summary>Draws ground truth on an image itself; crowds have dashed boxes.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="targets">In pixels of the image.</param>
    public void Draw(Mat image, Targets targets) => Draw(image, Objects(targets), 1);

    /// <summary>Draws the detections of a batch on its images themselves.</summary>
    /// <param name="images">RGB, 8 bits.</param>
    /// <param name="detections">Of each image, in its pixels.</param>
    /// <exception cref="ArgumentException">There are not as many of the one as of the other.</exception>
    public void Draw(IReadOnlyList<Mat> images, IReadOnlyList<Detections> detections)
    {
        if (images.Count != detections.Count)
            throw new ArgumentException($"There are detections of {detections.Count} images, and {images.Count} images; expected as many.",
                nameof(detections));
        for (int i = 0; i < images.Count; i++) Draw(images[i], detections[i]);
    }

    /// <summary>Draws detections on the frames of a video as they pass by.</summary>
    /// <param name="frames">As <see cref="VideoReader.Frames"/> gives them.</param>
    /// <param name="detect">Finds what is in a frame, and tracks it if that is wished; it sees the frame before anything is drawn on
    /// it.</param>
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
    /// <param name="image">RGB, 8 bits; it is left as it is.</param>
    /// <param name="detections">In pixels of the image.</param>
    /// <param name="enlargement">How many times larger the copy is: captions need room that small images lack.</param>
    public Mat Painted(Mat image, Detections detections, int enlargement = 1) => Painted(image, Objects(detections), enlargement);

    /// <summary>Draws ground truth on a copy of an image.</summary>
    /// <param name="image">RGB, 8 bits; it is left as it is.</param>
    /// <param name="targets">In pixels of the image.</param>
    /// <param name="enlargement">How many times larger the copy is.</param>
    public Mat Painted(Mat image, Targets targets, int enlargement = 1) => Painted(image, Objects(targets), enlargement);

    /// <summary>Ground truth on the left, predictions on the right, each under a heading with its number of objects.</summary>
    /// <param name="image">RGB, 8 bits; it is left as it is.</param>
    /// <param name="truth">In pixels of the image.</param>
    /// <param name="prediction">In pixels of the image.</param>
    /// <param name="enlargement">How many times larger each half is.</param>
    public Mat SideBySide(Mat image, Targets truth, Detections prediction, int enlargement = 1)
    {
        using Mat left = Painted(image, truth, enlargement), right = Painted(image, prediction, enlargement);
        return Panels.Row([($"truth: {truth.Objects.Count}", left), ($"prediction: {prediction.Count}", right)]);
    }

    private IReadOnlyList<DrawnObject> Objects(Detections detections) =>
    [
        .. Enumerable.Range(0, detections.Count).Select(i => new DrawnObject(
            detections.Boxes[i], detections.Labels[i], TextOf(detections, i), Dashed: false, detections.Masks?[i],
            // Published networks give every point a place, and a score below 0 to those that they do not see.
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

    /// <summary>The name of a class; its number where the name is empty, or the label is beyond the categories.</summary>
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
        // Beside a mask or a skeleton, the box is no more than a hint.
        foreach (DrawnObject item in fromBelow)
            BoxOutline.Draw(image, Pixels(item.Box, size), item.Color, item.Mask is null && item.Keypoints is null ? thickness : thin,
                item.Dashed);
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
