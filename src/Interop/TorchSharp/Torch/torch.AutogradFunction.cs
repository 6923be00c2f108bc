using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function's forward leaves for its backward. It lives as long as the graph's node.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];
            private List<Tensor>? toSave;

            /// <summary>The graph's node, while its backward runs.</summary>
            internal nint Node;

            internal IReadOnlyList<Tensor> ToSave => toSave ?? [];

            public void save_for_backward(List<Tensor> tensors) => toSave = tensors;

            public void save_data(string key, object value) => data[key] = value;

            public object get_data(string key) => data[key];

            public unsafe List<Tensor> get_saved_variables()
            {
                var handles = new nint[Libtorch.Checked(Libtorch.vt_function_saved(Node, null, 0))];
                fixed (nint* results = handles) Libtorch.Checked(Libtorch.vt_function_saved(Node, results, handles.Length));
                return handles.Select(handle => new Tensor(handle)).ToList();
            }

            /// <summary>From here on the node alone keeps what was saved alive.</summary>
            internal void ForgetSaved() => toSave = null;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => data.Clear();
        }

        /// <summary>An operation with a gradient of its own. Derive from <see cref="SingleTensorFunction{T}"/>.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            internal static T Instance { get; } = new();

            public abstract string Name { get; }
        }

        /// <summary>An operation with one result and a gradient of its own. Of the arguments, tensors that are given themselves get gradients; all others are passed along.</summary>
        public abstract class SingleTensorFunction<T> : Function<T>, IRecorded where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars)
            {
                var context = new AutogradContext();
                Tensor output;
                using (no_grad()) output = Instance.forward(context, vars);
                if (!is_grad_enabled() || !vars.OfType<Tensor>().Any(tensor => tensor.requires_grad)) return output;
                using (output) return RecordedFunction.Record(Instance, context, vars, output);
            }

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);
        }

        internal interface IRecorded
        {
            string Name { get; }

            List<Tensor> backward(AutogradContext ctx, Tensor grad_output);
        }

        /// <summary>The managed half of a node of the graph.</summary>
        private sealed unsafe class RecordedFunction
        {
            private readonly IRecorded function;
            private readonly AutogradContext context;
            private readonly bool[] isTensor;

            private RecordedFunction(IRecorded function, AutogradContext context, object[] vars)
            {
                this.function = function;
                this.context = context;
                isTensor = [.. vars.Select(argument => argument is Tensor)];
            }

            public static Tensor Record(IRecorded function, AutogradContext context, object[] vars, Tensor output)
            {
                // Freed by the node's destructor.
                var state = GCHandle.Alloc(new RecordedFunction(function, context, vars));
                Tensor[] inputs = [.. vars.OfType<Tensor>()], saved = [.. context.ToSave];
                nint result;
                fixed (nint* from = Handles(inputs), kept = Handles(saved))
                {
                    result = Libtorch.Checked(Libtorch.vt_function_record(from, inputs.Length, output.Handle, kept, saved.Length, &Backward, &Release, GCHandle.ToIntPtr(state)));
                }
                GC.KeepAlive((inputs, saved, output));
                context.ForgetSaved();
                return new Tensor(result, output.PressureKiB);
            }

            [UnmanagedCallersOnly]
            private static int Backward(nint state, nint node, nint gradient, nint* results, int count)
            {
                try
                {
                    using DisposeScope scope = NewDisposeScope();
                    var recorded = (RecordedFunction)GCHandle.FromIntPtr(state).Target!;
                    recorded.context.Node = node;
                    using Tensor borrowed = new(gradient, register: false);
                    using Tensor given = borrowed.alias();
                    borrowed.MoveHandle();  // libtorch's own, only lent
                    recorded.Run(given, new Span<nint>(results, count));
                    return 0;
                }
                catch (Exception e)
                {
                    Libtorch.vt_set_last_error(e.Message);
                    return -1;
                }
            }

            private void Run(Tensor gradient, Span<nint> results)
            {
                List<Tensor> gradients = function.backward(context, gradient);
                if (gradients.Count != isTensor.Length)
                    throw new InvalidOperationException($"{function.Name} gave {gradients.Count} gradients for {isTensor.Length} arguments.");
                int input = 0;
                for (int i = 0; i < isTensor.Length; i++)
                    if (isTensor[i]) results[input++] = gradients[i] is { } found ? found.MoveHandle() : 0;
            }

            [UnmanagedCallersOnly]
            private static void Release(nint state)
            {
                GCHandle handle = GCHandle.FromIntPtr(state);
                ((RecordedFunction)handle.Target!).context.Dispose();
                handle.Free();
            }
        }
    }
}
