using System.Collections.Concurrent;
using System.Reflection;
using TorchSharp.Utils;

namespace TorchSharp;

/// <summary>The fields of a module class that can hold components, found once per class: the most derived class's first.</summary>
internal static class ComponentFields
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private static readonly ConcurrentDictionary<Type, (string Name, FieldInfo Field)[]> known = [];

    public static (string Name, FieldInfo Field)[] Of(Type moduleType) => known.GetOrAdd(moduleType, Find);

    private static (string, FieldInfo)[] Find(Type moduleType)
    {
        List<(string, FieldInfo)> found = [];
        HashSet<string> names = [];
        for (Type? type = moduleType; type is not null && type != typeof(torch.nn.Module); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(Declared))
            {
                string name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                if (CanHoldComponent(field.FieldType) && names.Add(name))
                    found.Add((name, field));
            }
        }
        return [.. found];
    }

    private static bool CanHoldComponent(Type type) =>
        type.IsAssignableTo(typeof(torch.nn.Module)) || type.IsAssignableTo(typeof(torch.Tensor))
        || type.IsInterface || type == typeof(object);
}
