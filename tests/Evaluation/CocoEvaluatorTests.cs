using Vision.Data;

namespace Vision.Evaluation.Tests;

public class CocoEvaluatorTests
{
    private static readonly Box small = new(10, 10, 30, 30), medium = new(100, 100, 150, 150), large = new(300, 300, 500, 500);

    [Fact]
    public void Finding_everything_gives_1_in_every_figure()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, small).Truth(1, medium).Truth(2, large)
            .Found(1, small, 0.9f).Found(1, medium, 0.8f).Found(2, large, 0.7f).Evaluate();

        foreach (CocoResult result in metrics.Results)
            Assert.Equal(result.Figure.Name == "AR1" ? 2 / 3.0 : 1, result.Value, 12);
        Assert.Empty(metrics.Notes);
    }

    [Fact]
    public void Finding_nothing_gives_0_and_says_so()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, medium).Evaluate();

        Assert.Equal(0, metrics.AP);
        Assert.Equal(0, metrics["AR100"]);
        Assert.Equal(["There are no detections."], metrics.Notes);
    }

    [Fact]
    public void Without_ground_truth_every_figure_is_missing_and_says_why()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, large, crowd: true).Found(1, medium, 0.9f).Evaluate();

        Assert.All(metrics.Results, result => Assert.Equal((-1, "no ground truth"), (result.Value, result.WhyMissing)));
        Assert.Equal(-1, metrics.PerCategory[0].AP);
        Assert.Empty(metrics.MeanPrecisionAtRecall());
    }

    [Fact]
    public void An_empty_data_set_can_be_evaluated() => Assert.Equal(-1, new Scene("cell").Evaluate().AP);

    [Fact]
    public void A_size_without_ground_truth_says_which()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, small).Found(1, small, 0.9f).Evaluate();

        CocoResult missing = metrics.Results.Single(result => result.Figure.Name == "APl");
        Assert.Equal((-1, "no ground truth in 'large'"), (missing.Value, missing.WhyMissing));
        Assert.Null(metrics.Results[0].WhyMissing);
    }

    [Fact]
    public void Classes_without_ground_truth_do_not_lower_the_mean()
    {
        CocoMetrics metrics = new Scene("cell", "platelet")
            .Truth(1, small).Found(1, small, 0.9f).Found(1, medium, 0.9f, label: 2).Evaluate();

        Assert.Equal(1, metrics.AP, 12);
        Assert.Equal([10, 20], metrics.PerCategory.Select(category => category.Category.Id));
        Assert.Equal(-1, metrics.PerCategory[1].AP50);
        Assert.Empty(metrics.PerCategory[1].PrecisionAtRecall);
    }

    [Theory]
    [InlineData(1, 2, 1.0)]     // the hit is in the image with the lower id, so it is ranked first
    [InlineData(2, 1, 0.5)]
    public void Equal_scores_are_ranked_by_image_id_however_images_are_added(long hitImage, long missImage, double ap)
    {
        Scene scene = new Scene("cell").Truth(hitImage, medium).Found(hitImage, medium, 0.5f).Found(missImage, medium, 0.5f);

        Assert.Equal(ap, scene.Evaluate().AP, 12);
        Assert.Equal(ap, scene.Evaluate(reversed: true).AP, 12);
    }

    [Fact]
    public void Equal_scores_in_an_image_stay_in_file_order()
    {
        // Both overlap the one object; the first takes it, although the second fits better.
        CocoMetrics metrics = new Scene("cell").Truth(1, new(0, 0, 100, 100))
            .Found(1, new(0, 0, 100, 60), 0.5f).Found(1, new(0, 0, 100, 100), 0.5f).Evaluate();

        Assert.Equal(1, metrics.AP50, 12);
        Assert.Equal(0.5, metrics.AP75, 12);        // at 0.75 only the second is a hit, ranked behind a miss
    }

    [Fact]
    public void A_second_detection_of_an_object_is_an_error()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, medium).Truth(1, large)
            .Found(1, medium, 0.9f).Found(1, medium, 0.8f).Found(1, large, 0.7f).Evaluate();

        // Recall 0..0.5 at precision 1 (51 points), the rest at 2/3.
        Assert.Equal((51 + 50 * 2 / 3.0) / 101, metrics.AP, 12);
    }

    [Fact]
    public void Any_number_of_detections_may_lie_in_a_crowd_without_counting()
    {
        // Each covers a quarter of the crowd: the intersection over its own area is 1.
        CocoMetrics metrics = new Scene("cell").Truth(1, large, crowd: true).Truth(1, medium)
            .Found(1, new(300, 300, 400, 400), 0.9f).Found(1, new(400, 400, 500, 500), 0.8f).Found(1, new(300, 300, 400, 400), 0.7f)
            .Found(1, medium, 0.6f).Evaluate();

        Assert.Equal(1, metrics.AP, 12);
        Assert.Equal(1, metrics["AR100"], 12);
        Assert.Equal(0, metrics["AR1"], 12);        // the surest one of the image is in the crowd
    }

    [Fact]
    public void An_object_is_preferred_to_a_crowd_that_overlaps_more()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, new(0, 0, 200, 200), crowd: true).Truth(1, new(0, 0, 100, 60))
            .Found(1, new(0, 0, 100, 100), 0.9f).Evaluate();

        Assert.Equal(1, metrics.AP50, 12);
    }

    [Fact]
    public void An_overlap_of_exactly_the_threshold_is_a_hit()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, new(0, 0, 100, 100)).Found(1, new(0, 0, 100, 50), 0.9f).Evaluate();

        Assert.Equal(1, metrics.AP50, 12);
        Assert.Equal(0.1, metrics.AP, 12);
    }

    [Fact]
    public void Only_100_detections_of_a_class_in_an_image_count()
    {
        Scene scene = new Scene("cell", "platelet").Truth(1, medium).Truth(1, medium, label: 2);
        for (int i = 0; i < 100; i++) scene.Found(1, large, 0.9f);
        scene.Found(1, medium, 0.1f).Found(1, medium, 0.1f, label: 2);

        CocoMetrics metrics = scene.Evaluate();

        Assert.Equal(0, metrics.PerCategory[0].AP);
        Assert.Equal(1, metrics.PerCategory[1].AP, 12);     // the other class has its own hundred
    }

    [Fact]
    public void Recall_is_limited_to_the_surest_detections()
    {
        Scene scene = new("cell");
        for (int i = 0; i < 20; i++)
        {
            Box box = new(40 * i, 0, 40 * i + 20, 20);
            scene.Truth(1, box).Found(1, box, 1 - i / 100f);
        }

        CocoMetrics metrics = scene.Evaluate();

        Assert.Equal(0.05, metrics["AR1"], 12);
        Assert.Equal(0.5, metrics["AR10"], 12);
        Assert.Equal(1, metrics["AR100"], 12);
    }

    [Fact]
    public void A_miss_of_another_size_does_not_count_in_a_size_range()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, small).Found(1, large, 0.9f).Found(1, small, 0.8f).Evaluate();

        Assert.Equal(0.5, metrics.AP, 12);
        Assert.Equal(1, metrics["APs"], 12);
    }

    [Fact]
    public void The_curve_is_the_envelope_at_IoU_half()
    {
        CocoMetrics metrics = new Scene("cell").Truth(1, medium).Truth(1, large).Found(1, medium, 0.9f).Found(1, small, 0.8f).Evaluate();

        var curve = metrics.PerCategory[0].PrecisionAtRecall;
        Assert.Equal(101, curve.Count);
        Assert.All(curve.Take(51), precision => Assert.Equal(1, precision, 12));
        Assert.All(curve.Skip(51), precision => Assert.Equal(0, precision));
        Assert.Equal(curve, metrics.MeanPrecisionAtRecall());
    }

    [Fact]
    public void An_image_is_added_once_and_its_labels_are_known()
    {
        DetectionResults results = new([new(1, "cell")]);
        Targets targets = new() { ImageId = 7, File = "seven.jpg", Width = 10, Height = 10 };
        results.Add(targets, Detections.None);

        Assert.Contains("Image 7 (seven.jpg) was already added",
            Assert.Throws<ArgumentException>(() => results.Add(targets, Detections.None)).Message);
        Detections wrong = new() { Boxes = [small], Labels = [2], Scores = [1] };
        Assert.Contains("Label 2 in seven.jpg",
            Assert.Throws<ArgumentException>(() => results.Add(targets with { ImageId = 8 }, wrong)).Message);
    }
}
