namespace Slipway.Gateway.Balancing;

/// <summary>A short, stable fingerprint. It hides instance names in cookies; it protects nothing.</summary>
internal static class Fnv
{
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return hash;
    }
}
