using System.Text.Json.Nodes;
using Vision.Data;

namespace Vision.Evaluation.Tests;

public class ErrorAnalysisTests
{
    private static readonly Box here = new(0, 0, 100, 100), there = new(300, 300, 400, 400), far = new(600, 600, 700, 700);

    [Fact]
    public void What_is_right_has_no_errors()
    {
        DetectionErrors errors = Of(new Scene("cell", "platelet")
            .Truth(1, here).Truth(1, there, 2).Found(1, here, 0.9f).Found(1, there, 0.8f, 2));

        Assert.Equal(1, errors.AP50, 12);
        Assert.Equal(Enum.GetValues<ErrorKind>(), errors.Shares.Select(share => share.Kind));
        Assert.All(errors.Shares, share => Assert.Equal((0, 0), (share.Count, share.Gain)));
    }

    [Fact]
    public void The_wrong_class_in_the_right_place()
    {
        DetectionErrors errors = Of(new Scene("cell", "platelet")
            .Truth(1, here).Truth(1, there, 2).Found(1, here, 0.9f, 2).Found(1, there, 0.8f, 2));

        // cell 0, platelet 1/2; mended both are 1.
        Assert.Equal(0.25, errors.AP50, 12);
        Only(errors, ErrorKind.Classification, 1, 0.75);
    }

    [Fact]
    public void The_right_class_beside_the_object()
    {
        DetectionErrors errors = Of(new Scene("cell").Truth(1, here).Found(1, new(0, 0, 100, 40), 0.9f));

        Assert.Equal(0, errors.AP50);
        Only(errors, ErrorKind.Localization, 1, 1);
    }

    [Fact]
    public void Of_several_near_one_object_only_the_surest_can_be_right()
    {
        DetectionErrors errors = Of(new Scene("cell")
            .Truth(1, here).Found(1, new(0, 0, 100, 40), 0.9f).Found(1, new(0, 0, 100, 30), 0.8f).Found(1, here, 0.7f));

        // The object is found, by the third; mending takes the other two away.
        Assert.Equal(1 / 3.0, errors.AP50, 12);
        Only(errors, ErrorKind.Localization, 2, 2 / 3.0);
    }

    [Fact]
    public void The_wrong_class_beside_the_object()
    {
        DetectionErrors errors = Of(new Scene("cell", "platelet")
            .Truth(1, here, 2).Truth(2, there, 2).Found(1, here, 0.5f, 2).Found(2, there, 0.4f, 2)
            .Truth(3, far).Found(3, far, 0.8f).Truth(4, far, 2).Found(4, new(600, 600, 700, 640), 0.9f));

        Assert.Equal(1, errors[ErrorKind.Both].Count);
        Assert.Equal(1, errors[ErrorKind.Missed].Count);
        // The cell that is none stands before the only real one: 1/2 becomes 1 in one of two classes.
        Assert.Equal(0.25, errors[ErrorKind.Both].Gain, 12);
        // Two of three platelets are found: recalls up to 2/3 read 1.
        Assert.Equal((1 - 67 / 101.0) / 2, errors[ErrorKind.Missed].Gain, 12);
    }

    [Fact]
    public void A_second_find_and_one_of_nothing()
    {
        Scene Objects() => new Scene("cell").Truth(1, here).Truth(1, there).Found(1, here, 0.9f).Found(1, there, 0.7f);

        Only(Of(Objects().Found(1, here, 0.8f)), ErrorKind.Duplicate, 1, 1 - (51 + 50 * 2 / 3.0) / 101);
        Only(Of(Objects().Found(1, far, 0.8f)), ErrorKind.Background, 1, 1 - (51 + 50 * 2 / 3.0) / 101);
    }

    [Fact]
    public void A_class_of_which_all_is_missed_is_won_whole()
    {
        DetectionErrors errors = Of(new Scene("cell", "platelet").Truth(1, here).Found(1, here, 0.9f).Truth(1, there, 2).Truth(2, far, 2));

        Assert.Equal(0.5, errors.AP50, 12);
        Only(errors, ErrorKind.Missed, 2, 0.5);
    }

    [Fact]
    public void Crowds_are_no_errors_and_cause_none()
    {
        DetectionErrors errors = Of(new Scene("cell")
            .Truth(1, here, crowd: true).Truth(1, there).Found(1, here, 0.9f).Found(1, here, 0.8f).Found(1, there, 0.7f));

        Assert.Equal(1, errors.AP50, 12);
        Assert.All(errors.Shares, share => Assert.Equal(0, share.Count));
    }

    [Fact]
    public void Without_ground_truth_nothing_can_be_won()
    {
        DetectionErrors errors = Of(new Scene("cell").Found(1, here, 0.9f));

        Assert.Equal(-1, errors.AP50);
        Assert.Equal((1, 0), (errors[ErrorKind.Background].Count, errors[ErrorKind.Background].Gain));
    }

    /// <summary>The analysis has its own matching; it must be the table's.</summary>
    [Fact]
    public void The_AP50_is_that_of_the_table_and_every_false_detection_has_one_cause()
    {
        Random random = new(4);
        for (int round = 0; round < 20; round++)
        {
            Scene scene = new("a", "b", "c");
            int found = 0;
            for (int image = 0; image < 6; image++)
                for (int n = 0; n < 12; n++)
                {
                    float x = random.Next(300), y = random.Next(300), size = random.Next(30, 120);
                    Box box = new(x, y, x + size, y + size);
                    if (random.Next(3) > 0) scene.Truth(image, box, random.Next(1, 4), random.Next(10) == 0);
                    if (random.Next(4) == 0) continue;
                    found++;
                    scene.Found(image, new(x + random.Next(20), y + random.Next(20), x + size, y + size), random.Next(1, 9) / 10f,
                        random.Next(1, 4));
                }

            DetectionMetrics metrics = scene.Results().Evaluate();

            Assert.Equal(metrics.Boxes.AP50, metrics.Errors.AP50, 12);
            Assert.InRange(metrics.Errors.Shares.Where(share => share.Kind != ErrorKind.Missed).Sum(share => share.Count), 1, found);
            foreach (ErrorKind kind in (ErrorKind[])[ErrorKind.Both, ErrorKind.Duplicate, ErrorKind.Background])
                Assert.InRange(metrics.Errors[kind].Gain, 0, 1);
        }
    }

    [Fact]
    public void Json_has_each_kind()
    {
        JsonObject errors = new Scene("cell")
            .Truth(1, here).Found(1, new(0, 0, 100, 40), 0.9f).Results().Evaluate().ToJson()["errors"]!.AsObject();

        Assert.Equal(["AP50", "classification", "localization", "both", "duplicate", "background", "missed"],
            errors.Select(entry => entry.Key));
        Assert.Equal((1, 1.0), ((int)errors["localization"]!["count"]!, Math.Round((double)errors["localization"]!["gain"]!, 12)));
    }

    private static DetectionErrors Of(Scene scene) => scene.Results().Evaluate().Errors;

    private static void Only(DetectionErrors errors, ErrorKind kind, int count, double gain)
    {
        foreach (ErrorShare share in errors.Shares) Assert.Equal((share.Kind, share.Kind == kind ? count : 0), (share.Kind, share.Count));
        Assert.Equal(gain, errors[kind].Gain, 12);
    }
}
