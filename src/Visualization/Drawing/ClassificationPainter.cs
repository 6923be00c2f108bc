using System.Globalization;
using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Writes a classifier's predictions on images, one line per class, in the class's color.</summary>
/// <param name="categories">The classes: label 0 is the first.</param>
public sealed class ClassificationPainter(IReadOnlyList<Category> categories)
{
    /// <summary>Writes into the upper left corner of an image, in place; as many lines as fit.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="scores">The scores, most probable class first.</param>
    public void Draw(Mat image, ClassScores scores)
    {
        image.RequireRgb8();
        Size size = image.Size();
        int top = 0;
        for (int i = 0; i < scores.Labels.Length; i++)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{categories[scores.Labels[i]].Name} {scores.Scores[i]:0.00}");
            Caption caption = Caption.Of(text, size, Palette.Of(scores.Labels[i] + 1));
            if (top + caption.Size.Height > size.Height || caption.Size.Width > size.Width) return;
            caption.Draw(image, new Point(0, top));
            top += caption.Size.Height;
        }
    }
}
