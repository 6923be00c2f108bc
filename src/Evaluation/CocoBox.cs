namespace Vision.Evaluation;

/// <summary>A box as stored in COCO's files, in double precision, so that results equal pycocotools' to the last digits.</summary>
internal readonly record struct CocoBox(double X, double Y, double Width, double Height)
{
    public double Area => Width * Height;
}
