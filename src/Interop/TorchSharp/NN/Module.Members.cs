using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The parameters with their dotted names, own ones first; one that several modules share comes once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                WithPath(recurse).SelectMany(at => at.Module.ownParameters.Select(p => (at.Path + p.Key, p.Value)))
                    .DistinctBy(p => p.Value, ReferenceEqualityComparer.Instance);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>The buffers with their dotted names, own ones first; one that several modules share comes once.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                WithPath(recurse).SelectMany(at => at.Module.ownBuffers
                        .Where(b => b.Value.Persistent || include_nonpersistent).Select(b => (at.Path + b.Key, b.Value.Value)))
                    .DistinctBy(b => b.Item2, ReferenceEqualityComparer.Instance);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => ownChildren.Select(c => (c.Key, c.Value));

            public virtual IEnumerable<Module> children() => ownChildren.Values;

            /// <summary>Every module below this one, with its dotted name: the children first, then what is below each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() => named_children()
                .Concat(named_children().SelectMany(c => c.module.named_modules().Select(m => ($"{c.name}.{m.name}", m.module))));

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual Parameter? get_parameter(string target) =>
                Owner(target, out string leaf) is { } owner && owner.ownParameters.TryGetValue(leaf, out Parameter? parameter) ? parameter : null;

            public virtual Tensor? get_buffer(string target) =>
                Owner(target, out string leaf) is { } owner && owner.ownBuffers.TryGetValue(leaf, out var buffer) ? buffer.Value : null;

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>Every parameter and persistent buffer by dotted name, in PyTorch's order. The tensors are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string path = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach ((string name, Parameter parameter) in ownParameters)
                    destination.TryAdd(path + name, parameter);
                foreach ((string name, (Tensor buffer, bool persistent)) in ownBuffers)
                    if (persistent)
                        destination.TryAdd(path + name, buffer);
                foreach ((string name, Module child) in ownChildren)
                    child.state_dict(destination, path + name);
                return destination;
            }

            /// <summary>Copies values in by dotted name, converting device and element type.</summary>
            /// <exception cref="InvalidOperationException">Names differ although <paramref name="strict"/>, or a shape does.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                Dictionary<string, Tensor> own = state_dict();
                List<string> missing = [.. own.Keys.Where(key => !source.ContainsKey(key) && !skip.Contains(key))];
                List<string> unexpected = [.. source.Keys.Where(key => !own.ContainsKey(key) && !skip.Contains(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        $"The state dict does not fit {GetName()}. Missing: [{string.Join(", ", missing)}]. Unexpected: [{string.Join(", ", unexpected)}].");

                using var _ = no_grad();
                foreach ((string key, Tensor value) in source)
                {
                    if (skip.Contains(key) || !own.TryGetValue(key, out Tensor? target))
                        continue;
                    // copy_ alone would broadcast a value of another shape
                    if (!target.shape.AsSpan().SequenceEqual(value.shape))
                        throw new InvalidOperationException(
                            $"'{key}' of {GetName()} has shape [{string.Join(", ", target.shape)}], but the state dict's has [{string.Join(", ", value.shape)}].");
                    target.copy_(value);
                }
                return (missing, unexpected);
            }

            /// <summary>This module and, on request, all below it, each with its path: "" or "layer1.0.".</summary>
            private IEnumerable<(string Path, Module Module)> WithPath(bool recurse, string path = "")
            {
                yield return (path, this);
                if (!recurse)
                    yield break;
                foreach ((string name, Module child) in ownChildren)
                    foreach (var below in child.WithPath(true, $"{path}{name}."))
                        yield return below;
            }

            private Module? Owner(string target, out string leaf)
            {
                string[] path = target.Split('.');
                leaf = path[^1];
                Module? owner = this;
                foreach (string step in path.AsSpan(0, path.Length - 1))
                    if (owner is not null && !owner.ownChildren.TryGetValue(step, out owner))
                        return null;
                return owner;
            }
        }
    }
}
