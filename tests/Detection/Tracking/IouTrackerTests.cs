using Vision.Data;

namespace Vision.Detection.Tests;

public class IouTrackerTests
{
    [Fact]
    public void ObjectsThatCrossKeepTheirIdentities()
    {
        IouTracker tracker = new();
        for (int t = 0; t <= 24; t++)
        {
            Box right = At(8 * t, 50), left = At(192 - 8 * t, 54);
            // Now the one is the surer, now the other.
            bool swapped = t % 3 == 1;
            Detections found = tracker.Update(swapped ? Found(left, right) : Found(right, left));
            int first = found.Tracks![swapped ? 1 : 0].Id, second = found.Tracks[swapped ? 0 : 1].Id;
            Assert.Equal(3, first + second);
            // In the frame in which they meet there is no telling.
            if (t != 12) Assert.True((first, second) == (1, 2), $"Identities are exchanged in frame {t}.");
        }
    }

    [Fact]
    public void AnObjectThatWasHiddenIsFoundAgainWhereItWent()
    {
        IouTracker tracker = new();
        Detections found = Detections.None;
        for (int t = 0; t < 10; t++) found = tracker.Update(t is 6 or 7 ? Detections.None : Found(At(15 * t, 100)));
        // By then it has moved by more than its width.
        Assert.Equal(1, found.Tracks!.Single().Id);
        Assert.Equal([20, 35, 50, 65, 80, 95, 140, 155], found.Tracks![0].Trail.Select(place => place.X));
        Assert.All(found.Tracks[0].Trail, place => Assert.Equal(140, place.Y));
    }

    [Fact]
    public void OneThatLeavesAndAnotherThatEntersAreTwo()
    {
        IouTracker tracker = new();
        for (int t = 0; t < 5; t++) Assert.Equal(1, tracker.Update(Found(At(20 - 10 * t, 50))).Tracks!.Single().Id);
        Assert.Equal(2, tracker.Update(Found(At(300, 50))).Tracks!.Single().Id);
        Assert.Equal([3, 2], tracker.Update(Found(At(300, 150), At(298, 50))).Tracks!.Select(track => track.Id));
    }

    [Theory]
    [InlineData(3, 1), InlineData(4, 2)]
    public void AnObjectIsGivenUpAfterAWhile(int emptyFrames, int identity)
    {
        IouTracker tracker = new() { MaxAge = 3 };
        tracker.Update(Found(At(10, 10)));
        for (int i = 0; i < emptyFrames; i++) Assert.Empty(tracker.Update(Detections.None).Tracks!);
        Assert.Equal(identity, tracker.Update(Found(At(10, 10))).Tracks!.Single().Id);
    }

    [Fact]
    public void AnotherClassIsAnotherObject()
    {
        IouTracker tracker = new();
        tracker.Update(Found(At(10, 10)));
        Detections found = tracker.Update(new Detections { Boxes = [At(10, 10), At(12, 10)], Labels = [2, 1], Scores = [0.9f, 0.8f] });
        Assert.Equal([2, 1], found.Tracks!.Select(track => track.Id));
        Assert.Equal(2, found.First(1).Tracks!.Single().Id);
    }

    [Fact]
    public void WhatIsHiddenBehindAnObjectDoesNotTakeItsPlace()
    {
        IouTracker tracker = new();
        for (int t = 0; t < 4; t++) tracker.Update(Found(At(10 * t, 50), At(10 * t + 12, 50)));
        // The second is gone; the first stumbles to where the second would be.
        Assert.Equal(1, tracker.Update(Found(At(40, 50))).Tracks!.Single().Id);
        for (int t = 5; t < 8; t++) Assert.Equal(1, tracker.Update(Found(At(10 * t + 8, 50))).Tracks!.Single().Id);
    }

    [Fact]
    public void AFarPlaceIsNoMatchHoweverLonely()
    {
        IouTracker tracker = new();
        tracker.Update(Found(At(0, 0)));
        Assert.Equal(2, tracker.Update(Found(At(25, 0))).Tracks!.Single().Id);
        // Boxes that are none match nothing, and stop nothing.
        Box[] odd = [new(float.NaN, 0, 1, 1), new(5, 5, 5, 5), new(float.NegativeInfinity, 0, float.PositiveInfinity, 1)];
        for (int i = 0; i < 3; i++) Assert.Equal(3, tracker.Update(Found(odd)).Tracks!.Length);
    }

    [Fact]
    public void MemoryDoesNotGrowWithTheVideo()
    {
        IouTracker tracker = new();
        Random random = new(1);
        long early = 0;
        for (int frame = 0; frame < 10_000; frame++)
        {
            // One that stays, and two that are somewhere else in every frame.
            Detections found = tracker.Update(Found(
                At(100 + frame % 5, 100),
                At(random.Next(200, 5000), random.Next(5000)), At(random.Next(200, 5000), random.Next(5000))));
            Assert.Equal(1, found.Tracks![0].Id);
            Assert.InRange(found.Tracks[0].Trail.Count, 1, 50);
            if (frame == 999) early = GC.GetTotalMemory(forceFullCollection: true);
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - early, long.MinValue, 300_000);
        GC.KeepAlive(tracker);
    }

    private static Box At(float x, float y) => new(x, y, x + 40, y + 40);

    private static Detections Found(params Box[] boxes) =>
        new() { Boxes = boxes, Labels = [.. boxes.Select(_ => 1)], Scores = [.. boxes.Select((_, i) => 0.9f - 0.1f * i)] };
}
