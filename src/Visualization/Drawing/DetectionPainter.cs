using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Draws detections or ground truth on images: boxes with class names, and scores where there are any.</summary>
/// <remarks>
/// Images are RGB, 8 bits. A class has one colour everywhere (<see cref="Palette"/>); lines and text follow the size of the image, captions
/// stay inside it and off each other where there is room, the surest detections taking the best places.
/// </remarks>
/// <param name="categories">The data set's categories: label 1 is the first.</param>
public sealed class DetectionPainter(IReadOnlyList<Category> categories)
{
    /// <summary>Draws detections on an image itself, the surest on top.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="detections">In pixels of the image.</param>
    public void Draw(Mat image, Detections detections) => Draw(image, Objects(detections));

    /// <summary>Draws ground truth on an image itself; crowds have dashed boxes.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="targets">In pixels of the image.</param>
    public void Draw(Mat image, Targets targets) => Draw(image, Objects(targets));

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
            detections.Boxes[i], detections.Labels[i], $"{NameOf(detections.Labels[i])} {detections.Scores[i]:0.00}", Dashed: false)),
    ];

    private IReadOnlyList<DrawnObject> Objects(Targets targets) =>
    [
        .. targets.Objects.Select(target => new DrawnObject(
            target.Box, target.Label, target.IsCrowd ? $"{NameOf(target.Label)} (crowd)" : NameOf(target.Label), target.IsCrowd)),
    ];

    /// <summary>The name of a class; its number where OpenCV's fonts have no letters for the name, or the label is beyond the categories.</summary>
    private string NameOf(int label) =>
        label >= 1 && label <= categories.Count && categories[label - 1].Name.Any(char.IsAsciiLetterOrDigit) ? categories[label - 1].Name : $"class {label}";

    private static Mat Painted(Mat image, IReadOnlyList<DrawnObject> objects, int enlargement)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(enlargement, 1);
        if (enlargement == 1)
        {
            Mat copy = image.Clone();
            Draw(copy, objects);
            return copy;
        }

        Mat large = new();
        Cv2.Resize(image, large, new Size(image.Width * enlargement, image.Height * enlargement), 0, 0, InterpolationFlags.Cubic);
        Draw(large, [.. objects.Select(item => item with
        {
            Box = new Box(item.Box.X1 * enlargement, item.Box.Y1 * enlargement, item.Box.X2 * enlargement, item.Box.Y2 * enlargement),
        })]);
        return large;
    }

    private static void Draw(Mat image, IReadOnlyList<DrawnObject> objects)
    {
        image.RequireRgb8();
        Size size = image.Size();
        int thickness = Math.Max(1, (int)Math.Round((size.Width + size.Height) / 400.0));

        for (int i = objects.Count - 1; i >= 0; i--)
            BoxOutline.Draw(image, Pixels(objects[i].Box, size), Palette.Of(objects[i].Label), thickness, objects[i].Dashed);

        CaptionPlacer placer = new(size);
        foreach (DrawnObject item in objects)
        {
            Caption caption = new(item.Text, size);
            Point at = placer.Place(Pixels(item.Box, size), caption.Size);
            caption.Draw(image, at, Palette.Of(item.Label));
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
