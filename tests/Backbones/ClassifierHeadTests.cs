using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

public class ClassifierHeadTests
{
    public static TheoryData<string> Smallest =>
        [.. BackboneRegistry.Find("*")
            .GroupBy(entry => entry.Family).Select(family => family.MinBy(entry => entry.Facts.Parameters)!.Name)];

    /// <summary>One of each family: the last layer with parameters is the one that gives the logits.</summary>
    [Trait("Category", "Slow")]
    [Theory]
    [MemberData(nameof(Smallest))]
    public void TheLastLayerGivesTheLogits(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone model = BackboneRegistry.Create(name, new() { NumClasses = 7 });
        Assert.Equal(7, ClassifierHead.ClassesOf(model, model.state_dict()));
        Assert.Null(ClassifierHead.ClassesOf(model, new Dictionary<string, Tensor>()));

        string head = ClassifierHead.NameOf(model) + ".";
        HashSet<IntPtr> before = [.. ClassifierHead.ParametersBefore(model).Select(parameter => parameter.Handle)];
        Assert.All(model.named_parameters(), entry =>
            Assert.Equal(entry.name.StartsWith(head, StringComparison.Ordinal), !before.Contains(entry.parameter.Handle)));
    }
}
