using Vision.Ops.Cuda;
using Vision.Ops.Suppression;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Ops.Tests.Cuda;

public class KernelValuesTests(KernelEmulator emulator) : IClassFixture<KernelEmulator>
{
    [SkippableFact]
    public void RoiAlignEqualsThePeersValuesAndGradients()
    {
        using var scope = NewDisposeScope();
        using KernelHost host = new(emulator);
        using TempFolder folder = new();
        Peer.Run("ops_roi_align.py", folder["roi_align.pth"]);
        Dictionary<string, Tensor> cases = On(host, WeightFile.Read(folder["roi_align.pth"]));
        for (int i = 0; i < cases.Count / 6; i++)
        {
            using var caseScope = NewDisposeScope();
            Tensor features = cases[$"{i}.features"], rois = cases[$"{i}.rois"];
            long[] options = cases[$"{i}.options"].cpu().data<long>().ToArray();
            double tolerance = features.dtype == float64 ? 1e-12 : 1e-5;
            string what = $"case {i}, features {string.Join('×', features.shape)}, options {string.Join(", ", options)}";
            Tensor pooled = RoiAlignCuda.Forward(features, rois, options[0], options[1], 0.25, options[2], options[3] != 0);
            Close.To(pooled, cases[$"{i}.pooled"], tolerance, what);
            Tensor gradient = RoiAlignCuda.Backward(
                cases[$"{i}.upstream"], rois, options[0], options[1], 0.25, options[2], options[3] != 0, features.shape, i % 2 == 0);
            Close.To(gradient, cases[$"{i}.grad"], tolerance, what + ", gradient");
            Assert.True((i % 2 == 0 ? gradient.permute(0, 2, 3, 1) : gradient).is_contiguous());
        }
    }

    [SkippableFact]
    public void RegionsThatCannotBePooledGiveZeros()
    {
        using var scope = NewDisposeScope();
        using KernelHost host = new(emulator);
        float[] rois =
        [
            0, 0, 0, float.NaN, 4, 0, 0, 0, float.PositiveInfinity, 4, 1, 0, 0, 4, 4, -1, 0, 0, 4, 4, float.NaN, 0, 0, 4, 4, 0, 0, 0, 4, 4,
        ];
        Tensor features = ones([1, 2, 4, 4], device: host.Device), regions = tensor(rois).reshape(6, 5).to(host.Device);
        foreach (long ratio in (long[])[0, 2])
        {
            Tensor sums = RoiAlignCuda.Forward(features, regions, 2, 2, 1, ratio, false).sum([1, 2, 3]);
            Close.To(sums, tensor(new float[] { 0, 0, 0, 0, 0, 8 }), 0);
            Tensor upstream = ones([6, 2, 2, 2], device: host.Device);
            Close.To(RoiAlignCuda.Backward(upstream, regions, 2, 2, 1, ratio, false, [1, 2, 4, 4], false).sum(), tensor(8f), 1e-6);
        }
    }

    [SkippableFact]
    public void NarrowAndChannelsLastFeaturesGiveTheSame()
    {
        using var scope = NewDisposeScope();
        using KernelHost host = new(emulator);
        manual_seed(2);
        Tensor features = randn(1, 3, 40, 40).to(bfloat16).to(host.Device);
        Tensor rois = tensor(new[] { 0f, 3.3f, 7.7f, 150.1f, 140.9f }).reshape(1, 5).to(host.Device);
        Tensor expected = RoiAlignCuda.Forward(features.to(float32), rois, 7, 7, 0.25, 2, false);
        Close.To(RoiAlignCuda.Forward(MemoryFormat.ChannelsLast(features.to(float32)), rois, 7, 7, 0.25, 2, false), expected, 0);
        Tensor narrow = RoiAlignCuda.Forward(features, rois, 7, 7, 0.25, 2, false);
        Assert.Equal(bfloat16, narrow.dtype);
        Close.To(narrow, expected.to(bfloat16), 0);
    }

    [SkippableFact]
    public void WidePlacesGiveTheSame()
    {
        using var scope = NewDisposeScope();
        using KernelHost host = new(emulator);
        manual_seed(3);
        Tensor features = randn([2, 3, 9, 8], float64).to(host.Device);
        Tensor rois = tensor(new double[] { 1, 1, 2, 30, 28, 0, 0, 0, 12, 9 }).reshape(2, 5).to(host.Device);
        Tensor expected = RoiAlignCuda.Forward(features, rois, 3, 4, 0.25, 0, true), pooled = zeros_like(expected);
        CudaKernels.Runtime.Launch(
            new("RoiAlign.cu", true, true), "roi_align", host.Device, Grid.Over(pooled.numel()),
            pooled.numel(), features, rois, 0.25, new long[] { 2, 3, 9, 8, 3, 4, 0, 1 }, pooled);
        Close.To(pooled, expected, 0);
    }

    [SkippableFact]
    public void NmsKeepsWhatThePeerKeepsInItsOrder()
    {
        using var scope = NewDisposeScope();
        using KernelHost host = new(emulator);
        using TempFolder folder = new();
        Peer.Run("ops_nms.py", folder["nms.pth"]);
        Dictionary<string, Tensor> cases = On(host, WeightFile.Read(folder["nms.pth"]));
        for (int i = 0; i < cases.Count / 6; i++)
        {
            using var caseScope = NewDisposeScope();
            Tensor boxes = cases[$"{i}.boxes"], scores = cases[$"{i}.scores"], classes = cases[$"{i}.classes"];
            double threshold = cases[$"{i}.threshold"].item<double>();
            Close.To(NmsCuda.Keep(boxes, scores, null, threshold), cases[$"{i}.kept"], 0, $"case {i}");
            Tensor byClass = NmsPortable.Keep(boxes, scores, classes, threshold);
            Close.To(NmsCuda.Keep(boxes, scores, classes, threshold), byClass, 0, $"case {i}, by class");
        }
    }

    [SkippableFact]
    public void NarrowBoxesAreComparedInFloat()
    {
        using var scope = NewDisposeScope();
        using KernelHost host = new(emulator);
        manual_seed(4);
        Tensor boxes = (rand(200, 4) * 300).to(float16).to(host.Device), scores = rand(200).to(host.Device);
        boxes = cat([boxes[.., ..2], boxes[.., ..2] + boxes[.., 2..]], 1);
        Close.To(NmsCuda.Keep(boxes, scores, null, 0.3), NmsCuda.Keep(boxes.to(float32), scores, null, 0.3), 0);
    }

    [SkippableFact]
    public void DeformConvEqualsThePeersSamplesAndGradients()
    {
        using var scope = NewDisposeScope();
        using KernelHost host = new(emulator);
        using TempFolder folder = new();
        Peer.Run("ops_deform_columns.py", folder["columns.pth"]);
        Dictionary<string, Tensor> cases = On(host, WeightFile.Read(folder["columns.pth"]));
        for (int i = 0; i < 10; i++)
        {
            using var caseScope = NewDisposeScope();
            Tensor input = cases[$"{i}.input"], offset = cases[$"{i}.offset"];
            Tensor? mask = cases.GetValueOrDefault($"{i}.mask");
            double tolerance = input.dtype == float64 ? 1e-13 : 1e-5;
            long[] options = cases[$"{i}.options"].cpu().data<long>().ToArray();
            Tensor columns = DeformConvCuda.Columns(input, offset, mask, options[0], options[1], options[2], options[3], options[4]);
            Close.To(columns, cases[$"{i}.columns"], tolerance, $"columns {i}");
            var gradients = DeformConvCuda.ColumnsBackward(
                cases[$"{i}.upstream"], input, offset, mask, options[0], options[1], options[2], options[3], options[4]);
            Close.To(gradients.Input, cases[$"{i}.grad.input"], tolerance, $"gradient of the input {i}");
            Close.To(gradients.Offset, cases[$"{i}.grad.offset"], tolerance, $"gradient of the offsets {i}");
            Assert.Equal(mask is null, gradients.Mask is null);
            if (mask is not null) Close.To(gradients.Mask!, cases[$"{i}.grad.mask"], tolerance, $"gradient of the mask {i}");
        }
    }

    [SkippableFact]
    public void NoTensorStaysBehind()
    {
        using KernelHost host = new(emulator);
        using Tensor features = randn([1, 9, 6, 6], device: host.Device), rois = zeros([1, 5], device: host.Device);
        using Tensor boxes = rand([70, 4], device: host.Device), scores = rand([70], device: host.Device);
        using Tensor offset = zeros([1, 2, 6, 6], device: host.Device), mask = ones([1, 1, 6, 6], device: host.Device);
        LiveTensors.Unchanged(() =>
        {
            using Tensor pooled = RoiAlignCuda.Forward(features, rois, 2, 2, 1, 0, false);
            using Tensor gradient = RoiAlignCuda.Backward(pooled, rois, 2, 2, 1, 0, false, features.shape, true);
            using Tensor kept = NmsCuda.Keep(boxes, scores, null, 0.5);
            using Tensor columns = DeformConvCuda.Columns(features, offset, mask, 1, 1, 1, 0, 1);
            var gradients = DeformConvCuda.ColumnsBackward(columns, features, offset, mask, 1, 1, 1, 0, 1);
            gradients.Input.Dispose();
            gradients.Offset.Dispose();
            gradients.Mask!.Dispose();
        });
    }

    private static Dictionary<string, Tensor> On(KernelHost host, Dictionary<string, Tensor> tensors) =>
        tensors.ToDictionary(entry => entry.Key, entry => entry.Value.to(host.Device));
}
