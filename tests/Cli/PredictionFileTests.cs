using System.Text.Json;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class PredictionFileTests
{
    [Fact]
    public void MasksAndKeypointsStandBesideTheirBoxes()
    {
        using TempFolder folder = new();
        RleMask mask = RleMask.Encode([0, 1, 1, 0, 1, 1], 3, 2);
        using (PredictionFile file = new(folder["found.json"], [new(1, "person")]))
        {
            file.Add("a.png", null, 3, 2, new Detections
            {
                Boxes = [new(1, 0, 3, 2)], Labels = [1], Scores = [0.75f], Masks = [mask], Keypoints = [[new(0.5f, 1.25f, 3.5f), new(2, 1, -0.1f)]],
            });
            file.Add("b.png", null, 3, 2, new Detections { Boxes = [new(0, 0, 1, 1)], Labels = [1], Scores = [0.5f] });
            file.Complete();
        }

        JsonElement[] images = [.. JsonDocument.Parse(File.ReadAllText(folder["found.json"])).RootElement.GetProperty("images").EnumerateArray()];
        JsonElement found = images[0].GetProperty("detections")[0], written = found.GetProperty("mask");
        Assert.Equal([2, 3], written.GetProperty("size").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal(mask.Decode(), RleMask.FromCompressed(written.GetProperty("counts").GetString()!, 3, 2).Decode());
        Assert.Equal([0.5f, 1.25f, 3.5f, 2, 1, -0.1f], found.GetProperty("keypoints").EnumerateArray().Select(number => number.GetSingle()));
        Assert.False(images[1].GetProperty("detections")[0].TryGetProperty("mask", out _));
        Assert.False(images[1].GetProperty("detections")[0].TryGetProperty("keypoints", out _));
    }
}
