namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Libtorch.vt_grad_enabled() != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Libtorch.vt_inference_mode_enabled() != 0;

    public static partial class autograd
    {
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* from = Handles(outputs), to = Handles(inputs), gradients = Handles(grad_outputs), found = results)
            {
                Libtorch.Checked(Libtorch.vt_grad(from, outputs.Count, to, inputs.Count, gradients, grad_outputs?.Count ?? 0,
                    retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, found));
            }
            GC.KeepAlive((outputs, inputs, grad_outputs));
            return results.Select(handle => handle == 0 ? null! : new Tensor(handle)).ToList();
        }

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            fixed (nint* outputs = Handles(tensors), gradients = Handles(grad_tensors), leaves = Handles(inputs))
            {
                Libtorch.Checked(Libtorch.vt_backward(outputs, tensors.Count, gradients, grad_tensors?.Count ?? 0,
                    retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, leaves, inputs?.Count ?? 0));
            }
            GC.KeepAlive((tensors, grad_tensors, inputs));
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : tensors.Select(tensor => tensor.Handle).ToArray();
    }

    /// <summary>Sets the thread's grad mode until it is disposed.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly int before = Libtorch.vt_grad_enabled();

        public GradMode(bool enabled) => Libtorch.vt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Libtorch.vt_set_grad_enabled(before);
    }

    /// <summary>Sets the thread's inference mode until it is disposed, on that same thread.</summary>
    private sealed class InferenceMode : IDisposable
    {
        private nint guard;

        public InferenceMode(bool enabled) => guard = Libtorch.vt_inference_mode_enter(enabled ? 1 : 0);

        public void Dispose()
        {
            if (guard != 0) Libtorch.vt_inference_mode_leave(guard);
            guard = 0;
        }
    }
}
