namespace Slipway.Model.Resources;

/// <summary>A kind of resource as clients know it: where it lives in the URL space and what it is called.</summary>
public sealed record ResourceKind(
    string Group,
    string Version,
    string Kind,
    string Plural,
    string Singular,
    bool Namespaced,
    IReadOnlyList<string> ShortNames,
    IReadOnlyList<string> Categories)
{
    /// <summary><c>v1</c> for the core group, <c>group/version</c> for every other.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>How messages name it: <c>services.serving.knative.dev</c>, or <c>pods</c> in the core group.</summary>
    public string Qualified => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public bool Equals(ResourceKind? other) =>
        other is not null && Group == other.Group && Version == other.Version && Kind == other.Kind;

    public override int GetHashCode() => HashCode.Combine(Group, Version, Kind);

    public override string ToString() => Qualified;
}
