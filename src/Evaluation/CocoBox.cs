namespace Vision.Evaluation;

/// <summary>A box as COCO's files hold it, at their precision: results are to equal pycocotools' to the last digits.</summary>
internal readonly record struct CocoBox(double X, double Y, double Width, double Height)
{
    public double Area => Width * Height;
}
