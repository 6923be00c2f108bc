using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> steps = [];

            internal Sequential(IEnumerable<(string Name, nn.IModule<Tensor, Tensor> Module)> steps) : base(nameof(Sequential))
            {
                foreach ((string name, nn.IModule<Tensor, Tensor> module) in steps)
                    append(name, module);
            }

            protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules)
                : this(modules.Select(m => (m.name, (nn.IModule<Tensor, Tensor>)m.submodule)))
            { }

            protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
            {
                foreach (nn.Module<Tensor, Tensor> module in modules)
                    append(module);
            }

            public int Count => steps.Count;

            [IndexerName("SequentialItems")]
            public nn.IModule<Tensor, Tensor> this[int index] => steps[index].Module;

            /// <summary>A Sequential of some of the modules: the same ones, under the names they have here.</summary>
            [IndexerName("SequentialItems")]
            public Sequential this[Range index] => new(steps[index]);

            [IndexerName("SequentialItems")]
            public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? Count)];

            public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
            {
                register_module(name, (nn.Module)module);
                steps.Add((name, module));
                return this;
            }

            public Sequential append(nn.IModule<Tensor, Tensor> module) => append(steps.Count.ToString(), module);

            public override Tensor forward(Tensor tensor)
            {
                if (steps.Count == 0)
                    return tensor.alias();
                Tensor current = steps[0].Module.call(tensor);
                for (int i = 1; i < steps.Count; i++)
                {
                    // Freed at once, not with the scope: a long chain then holds two activations, not all.
                    using Tensor input = current;
                    current = steps[i].Module.call(input);
                }
                return current;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential() => new(Enumerable.Empty<(string, IModule<Tensor, Tensor>)>());

            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => Sequential(modules.AsEnumerable());

            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential(modules.AsEnumerable());

            public static Modules.Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) =>
                new(modules.Select(m => (m.name, (IModule<Tensor, Tensor>)m.submodule)));

            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) =>
                new(modules.Select((module, i) => (i.ToString(), (IModule<Tensor, Tensor>)module)));
        }
    }
}
