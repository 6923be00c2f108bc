using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A network or a part of one: named parameters, buffers and child modules.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> ownParameters = [];
            private readonly OrderedDictionary<string, (Tensor Value, bool Persistent)> ownBuffers = [];
            private readonly OrderedDictionary<string, Module> ownChildren = [];
            private readonly string name;
            private bool componentsRegistered;

            protected Module(string name) => this.name = name;

            public virtual string GetName() => name;

            public virtual bool training { get; private set; } = true;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (Module child in ownChildren.Values)
                    child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (Module child in ownChildren.Values)
                    child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (Parameter parameter in parameters())
                {
                    using Tensor? gradient = parameter.grad;
                    if (gradient is null)
                        continue;
                    if (set_to_none)
                        parameter.grad = null;
                    else
                        gradient.zero_();
                }
            }

            /// <summary>Takes a parameter over: it lives as long as the module, whatever dispose scope it was made in.</summary>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!ownParameters.TryAdd(name, param))
                    throw new InvalidOperationException($"The module {GetName()} already has a parameter '{name}'.");
                param.DetachFromDisposeScope();
            }

            /// <summary>Takes a buffer over: it lives as long as the module, whatever dispose scope it was made in.</summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!ownBuffers.TryAdd(name, (tensor, persistent)))
                    throw new InvalidOperationException($"The module {GetName()} already has a buffer '{name}'.");
                tensor.DetachFromDisposeScope();
            }

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                if (string.IsNullOrEmpty(name) || name.Contains('.'))
                    throw new ArgumentException($"A module's name can be neither empty nor contain a dot; got '{name}'.", nameof(name));
                submodule.RegisterComponents();
                if (!ownChildren.TryAdd(name, submodule))
                    throw new InvalidOperationException($"The module {GetName()} already has a child '{name}'.");
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Registers every field that holds a module, a parameter or a tensor, under the field's name.</summary>
            protected virtual void RegisterComponents()
            {
                if (componentsRegistered)
                    return;
                foreach ((string name, var field) in ComponentFields.Of(GetType()))
                {
                    if (ownChildren.ContainsKey(name) || ownParameters.ContainsKey(name) || ownBuffers.ContainsKey(name))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(name, module); break;
                        case Parameter parameter: register_parameter(name, parameter); break;
                        case Tensor tensor: register_buffer(name, tensor); break;
                    }
                }
                componentsRegistered = true;
            }

            /// <summary>Puts a parameter in the place of the one registered under a name, which is disposed; null removes it.</summary>
            private protected void ReplaceParameter(string name, ref Parameter? field, Parameter? value)
            {
                if (ReferenceEquals(field, value))
                    return;
                ownParameters.Remove(name);
                field?.Dispose();
                field = value;
                if (value is not null)
                    register_parameter(name, value);
            }

            /// <summary>Puts a buffer in the place of the one registered under a name, which is disposed; null removes it.</summary>
            private protected void ReplaceBuffer(string name, ref Tensor? field, Tensor? value)
            {
                if (ReferenceEquals(field, value))
                    return;
                ownBuffers.Remove(name);
                field?.Dispose();
                field = value;
                if (value is not null)
                    register_buffer(name, value);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (Parameter parameter in ownParameters.Values)
                    parameter.Dispose();
                foreach ((Tensor buffer, _) in ownBuffers.Values)
                    buffer.Dispose();
                foreach (Module child in ownChildren.Values)
                    child.Dispose();
            }
        }
    }
}
