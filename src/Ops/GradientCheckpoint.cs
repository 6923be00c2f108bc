using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, arXiv:1604.06174): the forward pass keeps only a block's input, and the backward pass
/// recomputes the block. Memory then grows with the blocks' inputs, not with their intermediate results, for about a third more time.
/// </summary>
public static class GradientCheckpoint
{
    /// <summary>Runs a block. Results, gradients, random draws and batch normalization
    /// statistics are the same as without checkpointing.</summary>
    /// <param name="block">The block. It must stay in its mode until the backward pass.</param>
    /// <param name="x">Its input, which must not be changed in place until then.</param>
    /// <remarks>Random draws are only repeated on recomputation if they come from the CPU's
    /// generator. Second-order gradients are not supported.</remarks>
    public static Tensor Run(nn.Module<Tensor, Tensor> block, Tensor x)
    {
        if (!is_grad_enabled()) return block.call(x);
        Parameter[] trained = [.. block.parameters().Where(parameter => parameter.requires_grad)];
        return Recomputed.apply([new Job(block, trained), x, .. trained]);
    }

    private sealed record Job(nn.Module<Tensor, Tensor> Block, Parameter[] Trained, ScalarType? Precision = null);

    private sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
    {
        private const string JobKey = "job";

        public override string Name => nameof(GradientCheckpoint);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (job, x) = ((Job)vars[0], (Tensor)vars[1]);
            ctx.save_data(JobKey, job with { Precision = Autocast.Current(x.device_type) });
            ctx.save_for_backward([x, get_rng_state()]);
            return job.Block.call(x);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var scope = NewDisposeScope();
            var job = (Job)ctx.get_data(JobKey);
            List<Tensor> saved = ctx.get_saved_variables();
            bool inputTrained = saved[0].requires_grad;
            Tensor x = saved[0].detach().requires_grad_(inputTrained);
            List<Tensor> wanted = [.. inputTrained ? [x] : Array.Empty<Tensor>(), .. job.Trained];

            Tensor[] buffers = [.. job.Block.buffers()];
            Tensor[] counted = [.. buffers.Select(buffer => buffer.clone())];
            Tensor drawn = get_rng_state();
            IList<Tensor> gradients;
            try
            {
                set_rng_state(saved[1]);
                using var recording = enable_grad();
                Tensor again;
                using (job.Precision is { } dtype ? new Autocast(x.device_type, dtype) : null) again = job.Block.call(x);
                gradients = autograd.grad([again], wanted, [grad_output], allow_unused: true);
            }
            finally
            {
                set_rng_state(drawn);
            }
            // The first run has already updated the running statistics.
            using var noGradient = no_grad();
            foreach (var (buffer, value) in buffers.Zip(counted)) buffer.copy_(value);

            foreach (Tensor? gradient in gradients) gradient?.MoveToOuterDisposeScope();
            return [null!, .. inputTrained ? [] : new Tensor[] { null! }, .. gradients];
        }
    }
}
