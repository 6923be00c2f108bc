using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules by number. They are registered when the list itself is, as a field or child of a module: add to it before.</summary>
        public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
        {
            private readonly List<T> items;
            private bool registered;

            public ModuleList(params T[] modules) : base("ModuleList") => items = [.. modules];

            public T this[int index]
            {
                get => items[index];
                set => items[index] = value;
            }

            public int Count => items.Count;

            public bool IsReadOnly => false;

            public void Add(T item) => items.Add(item);

            public void append(params T[] parameters) => items.AddRange(parameters);

            public void extend(IEnumerable<T> modules) => items.AddRange(modules);

            public void Insert(int index, T item) => items.Insert(index, item);

            public bool Remove(T item) => items.Remove(item);

            public void RemoveAt(int index) => items.RemoveAt(index);

            public void Clear() => items.Clear();

            public bool Contains(T item) => items.Contains(item);

            public int IndexOf(T item) => items.IndexOf(item);

            public void CopyTo(T[] array, int arrayIndex) => items.CopyTo(array, arrayIndex);

            public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

            protected override void RegisterComponents()
            {
                if (registered)
                    return;
                for (int i = 0; i < items.Count; i++)
                    register_module(i.ToString(), items[i]);
                registered = true;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}
