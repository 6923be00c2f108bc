// Colors every pixel of a video by its class.
//   dotnet run --project samples/SegmentVideo -- VIDEO OUTPUT.mp4 [WEIGHTS]
using Vision.Segmentation;
using Vision.Training;
using Vision.Visualization;

const string model = "lraspp_mobilenet_v3_large";
string weights = PublishedFile.Resolve(args.Length > 2 ? args[2] : "coco", model)!;     // torchvision's, downloaded once

using var segmenter = TrainedSegmenter.Load(weights);
segmenter.View = segmenter.View with { ShorterSide = 360 };                             // faster than 520, and good enough for a street
int frames = segmenter.PredictVideo(args[0], args[1]);
Console.WriteLine($"{frames} frames, {segmenter.Categories.Count} classes: {args[1]}");
