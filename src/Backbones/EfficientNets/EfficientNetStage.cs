namespace Vision.Backbones;

/// <summary>Blocks of one width in an EfficientNet.</summary>
/// <param name="Fused">Whether expansion and depthwise convolution are fused into one, without squeeze-and-excitation.</param>
/// <param name="Expansion">Ratio of the channels inside a block to those of its input.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">Stride of the first block.</param>
/// <param name="InChannels">Channels of the first block's input.</param>
/// <param name="OutChannels">Channels of the output.</param>
/// <param name="Depth">Number of blocks.</param>
internal sealed record EfficientNetStage(bool Fused, int Expansion, int Kernel, int Stride, int InChannels, int OutChannels, int Depth);
