using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules by name. They are registered when the dictionary itself is, as a field or child of a module: add to it before.</summary>
        public class ModuleDict<T> : nn.Module, IEnumerable<(string, T)> where T : nn.Module
        {
            private readonly OrderedDictionary<string, T> entries = [];
            private bool registered;

            public ModuleDict() : base("ModuleDict") { }

            public T this[string key]
            {
                get => entries[key];
                set => entries[key] = value;
            }

            public int Count => entries.Count;

            public ICollection<string> Keys => entries.Keys;

            public ICollection<T> Values => entries.Values;

            public IEnumerable<string> keys() => entries.Keys;

            public IEnumerable<T> values() => entries.Values;

            public IEnumerator<(string, T)> items() => GetEnumerator();

            public void Add(string key, T value) => entries.Add(key, value);

            public void Add((string, T) item) => entries.Add(item.Item1, item.Item2);

            public bool ContainsKey(string key) => entries.ContainsKey(key);

            public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => entries.TryGetValue(key, out value);

            public bool Remove(string key) => entries.Remove(key);

            public void clear() => entries.Clear();

            public IEnumerator<(string, T)> GetEnumerator() => entries.Select(entry => (entry.Key, entry.Value)).GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

            protected override void RegisterComponents()
            {
                if (registered)
                    return;
                foreach ((string name, T module) in entries)
                    register_module(name, module);
                registered = true;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var result = new Modules.ModuleDict<T>();
                foreach ((string, T) module in modules)
                    result.Add(module);
                return result;
            }
        }
    }
}
