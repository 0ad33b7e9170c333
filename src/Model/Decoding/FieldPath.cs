namespace Slipway.Model.Decoding;

/// <summary>Places in a manifest as messages write them: <c>spec.containers[0].env</c>, <c>metadata.labels[key]</c>.</summary>
public static class FieldPath
{
    public static string Member(string parent, string name) => parent.Length == 0 ? name : $"{parent}.{name}";

    public static string Index(string parent, int index) => $"{parent}[{index}]";

    public static string Key(string parent, string key) => $"{parent}[{key}]";
}
