namespace Todo.Monitor.Probing;

/// <summary>What is watched, and how it is reached: a name under .localhost is in no name server, so the gateway is dialled and told the name.</summary>
/// <param name="Url">What people are shown: without query and credentials.</param>
internal sealed record Target(string Name, string Url, Uri Dial, string Host)
{
    /// <summary>A service of the platform, which may sleep; anything else is always awake as far as the platform knows.</summary>
    public bool IsService { get; init; }
}
