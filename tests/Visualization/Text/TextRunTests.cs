namespace Vision.Visualization.Tests.Text;

public class TextRunTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("cat 0.91", "cat 0.91")]
    [InlineData("Ωμέγα, éléphant; кот", "Ωμέγα, éléphant; кот")]
    [InlineData("קטה", "<קטה")]
    [InlineData("קטה 0.91", "0.91|<קטה ")]
    [InlineData("קטה 3 0.91", "0.91|< |3|<קטה ")]
    [InlineData("cat קטה dog", "cat |<קטה| dog")]
    [InlineData("cat קטה 12", "cat |12|<קטה ")]
    [InlineData("קטה (cat) טור", "<) טור|cat|<קטה (")]
    [InlineData("\u200E0.91 קטה", "\u200E0.91 |<קטה")]
    public void RunsStandAsTheyAreRead(string text, string expected)
    {
        var runs = TextRun.InVisualOrder(text).Select(run => (run.Level % 2 == 1 ? "<" : "") + text.Substring(run.Start, run.Length));
        Assert.Equal(expected, string.Join('|', runs));
    }

    [Fact]
    public void AnAccentIsSetInTheFontOfItsLetter() =>
        Assert.Equal((0, 5), Assert.Single(TextRun.InVisualOrder("e\u0301le\u0301").Select(run => (run.Start, run.Length))));
}
