namespace Slipway.Store;

/// <summary>The finalizers the store itself adds and its garbage collector takes off.</summary>
public static class Finalizers
{
    /// <summary>Dependents go first, then the object.</summary>
    public const string Foreground = "foregroundDeletion";

    /// <summary>Dependents lose their reference to the object and stay.</summary>
    public const string Orphan = "orphan";

    /// <summary>A namespace stays until everything in it is gone.</summary>
    public const string NamespaceContents = "kubernetes";
}
