using Vision.Data;

namespace Vision.Evaluation.Tests;

public class DetectionConfusionTests
{
    private static readonly Box here = new(0, 0, 100, 100), there = new(300, 300, 400, 400), far = new(600, 600, 700, 700);

    [Fact]
    public void Counts_classes_and_background_on_both_sides()
    {
        DetectionConfusion confusion = new Scene("cell", "platelet")
            .Truth(1, here).Truth(1, there, 2).Truth(2, far).Truth(3, far)
            .Found(1, here, 0.9f).Found(1, there, 0.8f).Found(2, there, 0.7f, 2).Found(3, far, 0.4f)
            .Results().Evaluate().Confusion;

        Assert.Equal(["cell", "platelet", "background"], confusion.Categories.Select(category => category.Name));
        // One right, one platelet taken for a cell, two cells missed (one found, but not
        // surely enough), one platelet where there is nothing.
        Assert.Equal(new long[,] { { 1, 0, 2 }, { 1, 0, 0 }, { 0, 1, 0 } }, confusion.Counts);
    }

    [Fact]
    public void The_largest_overlap_is_paired_first_and_each_once()
    {
        DetectionConfusion confusion = new Scene("cell", "platelet")
            .Truth(1, here).Found(1, new(0, 0, 100, 80), 0.9f, 2).Found(1, new(0, 0, 100, 90), 0.6f)
            .Results().Evaluate().Confusion;

        Assert.Equal(new long[,] { { 1, 0, 0 }, { 0, 0, 0 }, { 0, 1, 0 } }, confusion.Counts);
    }

    [Fact]
    public void Crowds_and_what_lies_on_them_are_not_counted()
    {
        DetectionConfusion confusion = new Scene("cell")
            .Truth(1, here, crowd: true).Found(1, here, 0.9f).Found(1, new(0, 0, 50, 50), 0.8f).Results().Evaluate().Confusion;

        Assert.Equal(new long[,] { { 0, 0 }, { 0, 0 } }, confusion.Counts);
    }
}
