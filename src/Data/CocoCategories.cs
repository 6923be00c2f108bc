namespace Vision.Data;

/// <summary>The classes of COCO (Lin et al. 2014, arXiv:1405.0312), on which published detectors were trained.</summary>
public static class CocoCategories
{
    /// <summary>
    /// Ids 1 to 90, so that label and id are equal, as published weights expect: they have 91 classes, including the background. Ten of the
    /// ids belong to classes that COCO dropped before its release; these are named "unused".
    /// </summary>
    public static IReadOnlyList<Category> WithUnused { get; } =
    [
        .. ("person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, unused, stop sign, " +
            "parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, unused, backpack, umbrella, " +
            "unused, unused, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, " +
            "skateboard, surfboard, tennis racket, bottle, unused, wine glass, cup, fork, knife, spoon, bowl, banana, apple, " +
            "sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, unused, " +
            "dining table, unused, unused, toilet, unused, tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven, " +
            "toaster, sink, refrigerator, unused, book, clock, vase, scissors, teddy bear, hair drier, toothbrush")
            .Split(", ").Select((name, index) => new Category(index + 1, name)),
    ];
}
