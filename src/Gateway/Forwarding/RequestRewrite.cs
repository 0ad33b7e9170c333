using System.Text;

namespace Slipway.Gateway.Forwarding;

/// <summary>What the filters of a matched rule change in a request before an instance sees it.</summary>
internal sealed class RequestRewrite
{
    public string? PathAndQuery { get; set; }

    public string? Host { get; set; }

    /// <summary>Lower-case names whose present values do not go on.</summary>
    public HashSet<string>? Removed { get; set; }

    /// <summary>Complete header lines.</summary>
    public string AddedFields { get; set; } = "";

    public bool Removes(ReadOnlySpan<byte> name) =>
        Removed is not null && Removed.Contains(Encoding.Latin1.GetString(name).ToLowerInvariant());
}
