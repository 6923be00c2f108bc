namespace TorchSharp.Utils;

/// <summary>Gives a field another name in the state dict than its own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class ComponentNameAttribute : Attribute
{
    public string Name { get; set; } = "";
}
