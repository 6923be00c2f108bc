using System.Text.Json.Nodes;
using Vision.Data;

namespace Vision.Evaluation.Tests;

public class VocEvaluatorTests
{
    private static readonly Box here = new(0, 0, 100, 100), there = new(300, 300, 400, 400), far = new(600, 600, 700, 700);

    [Theory]
    // Right, wrong, right of two objects: precision 1 up to recall 1/2, then 2/3.
    [InlineData(VocRules.Voc2007, (6 + 5 * 2 / 3.0) / 11)]
    [InlineData(VocRules.Voc2010, 0.5 + 0.5 * 2 / 3.0)]
    public void Average_precision_is_read_as_in_its_year(VocRules rules, double expected)
    {
        VocMetrics metrics = new Scene("cell", "platelet")
            .Truth(1, here).Truth(2, there).Found(1, here, 0.9f).Found(1, far, 0.8f).Found(2, there, 0.7f).Results().EvaluateVoc(rules);

        Assert.Equal(expected, metrics.PerCategory[0].AP, 12);
        Assert.Equal(expected, metrics.MeanAP, 12);
        Assert.Equal([1, 0.5, 2 / 3.0], metrics.PerCategory[0].Precisions);
        Assert.Equal([0.5, 0.5, 1], metrics.PerCategory[0].Recalls);
        Assert.Equal(2, metrics.PerCategory[0].Objects);
        Assert.Equal(-1, metrics.PerCategory[1].AP);
    }

    [Fact]
    public void A_difficult_object_is_neither_to_be_found_nor_wrong_and_not_a_crowd()
    {
        // The quarter of a crowd would count as on it; of a difficult object it is too little, and so wrong.
        Scene scene = new Scene("cell").Truth(1, here, crowd: true).Truth(1, there).Found(1, here, 0.9f).Found(1, there, 0.8f);
        Assert.Equal((1, 1), (scene.Results().EvaluateVoc(VocRules.Voc2010).MeanAP,
            scene.Results().EvaluateVoc(VocRules.Voc2010).PerCategory[0].Objects));

        scene.Found(1, new(0, 0, 50, 50), 0.95f);
        Assert.Equal(0.5, scene.Results().EvaluateVoc(VocRules.Voc2010).MeanAP, 12);
        Assert.Equal(1, scene.Evaluate().AP50, 12);
    }

    [Fact]
    public void A_second_find_is_wrong_even_beside_a_free_object()
    {
        // The second goes to the object that it overlaps most, which is taken; COCO gives it the free one.
        Scene scene = new Scene("cell").Truth(1, here).Truth(1, new(0, 0, 100, 70)).Found(1, here, 0.9f).Found(1, new(0, 0, 100, 95), 0.8f);

        Assert.Equal(0.5, scene.Results().EvaluateVoc(VocRules.Voc2010).MeanAP, 12);
        Assert.Equal(1, scene.Evaluate().AP50, 12);
    }

    [Fact]
    public void Json_names_the_rules()
    {
        JsonObject json = new Scene("cell").Truth(1, here).Found(1, here, 0.9f).Results().EvaluateVoc(VocRules.Voc2007).ToJson();
        Assert.Equal((2007, 1.0, 1.0, 1),
            ((int)json["rules"]!, (double)json["mAP"]!, (double)json["per_category"]!["10"]!["AP"]!,
                (int)json["per_category"]!["10"]!["objects"]!));
    }
}
