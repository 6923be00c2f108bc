using System.Text.Json;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class PredictionFileTests
{
    [Fact]
    public void MasksAndKeypointsAreWrittenWhereTheModelGivesThem()
    {
        using TempFolder folder = new();
        RleMask mask = RleMask.FromPolygons([[1, 1, 4, 1, 4, 3, 1, 3]], 6, 4);
        Detections found = new()
        {
            Boxes = [new(1, 1, 4, 3)], Labels = [1], Scores = [0.9f], Masks = [mask], Keypoints = [[new(1.5f, 2, 0.25f), new(3, 0.1f, 8)]],
        };
        using (PredictionFile file = new(folder["found.json"], [new(7, "cell")]))
        {
            file.Add("a.png", null, 6, 4, found);
            file.Add("b.png", null, 6, 4, new Detections { Boxes = found.Boxes, Labels = found.Labels, Scores = found.Scores });
            file.Complete();
        }

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["found.json"]));
        JsonElement[] objects = [.. json.RootElement.GetProperty("images")
            .EnumerateArray().Select(image => image.GetProperty("detections")[0])];
        JsonElement written = objects[0].GetProperty("mask");
        Assert.Equal([4, 6], written.GetProperty("size").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal(mask.Decode(), RleMask.FromCompressed(written.GetProperty("counts").GetString()!, 6, 4).Decode());
        Assert.Equal([1.5f, 2, 0.25f, 3, 0.1f, 8], objects[0].GetProperty("keypoints").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal(["category_id", "label", "score", "box"], objects[1].EnumerateObject().Select(field => field.Name));

        using (PredictionFile file = new(folder["coco.json"], [new(7, "cell")], _ => 42))
        {
            file.Add("a.png", null, 6, 4, found);
            file.Complete();
        }
        string segment = $$"""{"size":[4,6],"counts":"{{mask.ToCompressed()}}"}""", points = $"1.5,2,0.25,3,{(double)0.1f},8";
        string what = $$"""bbox":[1,1,3,2],"score":{{(double)0.9f}},"segmentation":{{segment}},"keypoints":[{{points}}]""";
        Assert.Equal($$"""[{"image_id":42,"category_id":7,"{{what}}}]""",
            File.ReadAllText(folder["coco.json"]));
    }
}
