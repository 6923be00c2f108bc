namespace Vision.Detection;

/// <summary>The parts of a two-stage detector that have no weights.</summary>
internal sealed class RcnnRules
{
    /// <summary>The parts with the given options.</summary>
    public RcnnRules(DetectorOptions options)
    {
        Input = new DetectorInput(options);
        PredictionProposals = ProposalFilter.ForPrediction(options.Rpn);
        TrainingProposals = ProposalFilter.ForTraining(options.Rpn);
        RpnLoss = new RpnLoss(options.Rpn);
        RoiSampler = new RoiSampler(options.Roi);
        DetectionFilter = new DetectionFilter(options.Roi);
    }

    /// <summary>Normalizes, resizes and batches images.</summary>
    public DetectorInput Input { get; }

    /// <summary>Selects the proposals in prediction.</summary>
    public ProposalFilter PredictionProposals { get; }

    /// <summary>Selects the proposals in training.</summary>
    public ProposalFilter TrainingProposals { get; }

    /// <summary>The losses of the first stage.</summary>
    public RpnLoss RpnLoss { get; }

    /// <summary>Samples the regions that the second stage is trained on.</summary>
    public RoiSampler RoiSampler { get; }

    /// <summary>Selects the detections.</summary>
    public DetectionFilter DetectionFilter { get; }
}
