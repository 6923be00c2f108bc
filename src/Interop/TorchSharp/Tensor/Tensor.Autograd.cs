namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Libtorch.vt_requires_grad(Handle) != 0;
            set => Libtorch.Checked(Libtorch.vt_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad() => Aten.retain_grad.Run(this);

        public bool is_leaf => Libtorch.Checked(Libtorch.vt_is_leaf(Handle)) != 0;

        /// <summary>The gradient that backward gathered: a new handle each time; null where there is none.</summary>
        public Tensor? grad
        {
            get => Libtorch.vt_gradient(Handle) is var gradient && gradient != 0 ? new Tensor(gradient) : null;
            set => Libtorch.Checked(Libtorch.vt_set_gradient(Handle, value?.Handle ?? 0));
        }

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);

        public Tensor detach() => Aten.detach.Call(this);

        public Tensor detach_()
        {
            Aten.detach_.Run(this);
            return this;
        }
    }
}
